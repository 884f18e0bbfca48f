/**
 * The processes of this machine: who has started whom.
 *
 * @module
 */

import { execFileSync } from "node:child_process";

/** Ids of the processes that a process has started, and those that they have. */
export function descendantsOf(pid: number): readonly number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const rows = table
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found) found.push(...rows.flatMap(([child = 0, of]) => (of === parent ? [child] : [])));
  return found.slice(1);
}

/** The command line of a process; empty when it has ended. */
export function commandOf(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}
