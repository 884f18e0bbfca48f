/**
 * What processes have cost so far, by Linux's /proc.
 *
 * @module
 */

import { readFileSync, writeFileSync } from "node:fs";

/** Seconds of processor time, user's and system's together. */
export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) / ticksPerSecond;
}

/** Bytes of memory now. */
export function memoryOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + statusOf(pid, "VmRSS"), 0);
}

/** Most bytes of memory since {@link forgetPeak}; each process at its own worst moment. */
export function peakOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + statusOf(pid, "VmHWM"), 0);
}

/** Begins a new peak. */
export function forgetPeak(pids: readonly number[]): void {
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

/** Linux's USER_HZ, the same on every machine that Node runs on. */
const ticksPerSecond = 100;

function ticksOf(pid: number): number {
  const line = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in brackets, may hold anything; utime and stime are the 14th and 15th fields, the state behind it the third.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function statusOf(pid: number, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1] ?? 0) * 1024;
}
