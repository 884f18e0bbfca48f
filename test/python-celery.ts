/**
 * The real Celery of Python, where it is installed.
 *
 * @module
 */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const python = "/usr/bin/python3";

/** Whether there is a Python with Celery and a Redis client; says how to get them when there is none. */
export const hasPythonCelery: boolean = spawnSync(python, ["-c", "import celery, redis"]).status === 0;

if (!hasPythonCelery) {
  const advice = "Python's Celery is missing: apt-get install python3-celery python3-redis";
  if (process.env["UMBEL_REQUIRE_ALL"] === "1") throw new Error(advice);
  console.warn(`Skipped tests: ${advice}`);
}

/** Runs a program that prints lines of JSON; gives their values. Throws what it complained of. */
export async function runPython(program: string, args: readonly string[]): Promise<readonly unknown[]> {
  const child = spawn(python, ["-c", program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [lines, complaints] = await Promise.all([linesOf(child.stdout), linesOf(child.stderr), once(child, "exit")]);
  if (child.exitCode !== 0) throw new Error(`Python failed: ${complaints.join("\n")}`);
  return lines.map((line): unknown => JSON.parse(line));
}

async function linesOf(stream: NodeJS.ReadableStream): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface(stream)) lines.push(line);
  return lines;
}
