/**
 * The real Python, where it is installed.
 *
 * @module
 */

import { spawnSync } from "node:child_process";

const candidates = ["/usr/bin/python3", "python3"];

/** Whether Python can import a module; says how to get it when it cannot. */
export function hasPython(module = "json", isOptional = false): boolean {
  const found = interpreterWith(module) !== undefined;
  if (!found) missing(module, isOptional);
  return found;
}

/** Runs a program that reads JSON from its input and prints JSON; gives what it printed, as text. */
export function python(program: string, input: string, module = "json"): string {
  const interpreter = interpreterWith(module);
  if (interpreter === undefined) throw new Error(`No Python with ${module}`);
  const { stdout, stderr, status } = spawnSync(interpreter, ["-c", program], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`Python failed: ${stderr}`);
  return stdout;
}

function interpreterWith(module: string): string | undefined {
  return candidates.find((candidate) => spawnSync(candidate, ["-c", `import ${module}`]).status === 0);
}

function missing(module: string, isOptional: boolean): void {
  const advice = `apt-get install python3 python3-${module}`;
  if (process.env["UMBEL_REQUIRE_ALL"] === "1" && !isOptional)
    throw new Error(`Python with ${module} is missing: ${advice}`);
  console.warn(`Skipped: tests that need Python with ${module} (${advice})`);
}
