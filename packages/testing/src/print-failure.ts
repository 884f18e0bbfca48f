/**
 * Tells of a canvas that ended wrongly: what it was, what went wrong with it, and how to have it again.
 *
 * @module
 */

import { fieldOf } from "./errand.ts";
import type { FiredFault } from "./fault.ts";
import type { FurtherKitOptions } from "./kit-options.ts";

/** A failure, made as small as it gets. */
export interface FoundFailure {
  /** As code. */
  readonly canvas: string;
  readonly fired: readonly FiredFault[];
  /** What the property threw. */
  readonly cause: unknown;
  /** The seed and the concurrency of its kit. */
  readonly seed: number;
  readonly concurrency: number;
  /** The further options of its kit. */
  readonly kit: FurtherKitOptions;
  /** The seed of the whole. */
  readonly from: number;
  readonly runs: number;
  /** How many runs it took to find it, and how often it was made smaller. */
  readonly numRuns: number;
  readonly numShrinks: number;
}

/** The whole story. */
export function printFailure(found: FoundFailure): string {
  const { canvas, fired, cause, from, runs, numRuns, numShrinks } = found;
  const primary = fired.filter((each) => each.follows !== true);
  return [
    `Canvas ${numRuns} of ${runs} ends wrongly (seed ${from}); made smaller ${numShrinks} times it is`,
    `\n  ${canvas}\n`,
    primary.length === 0 ? "without any fault:" : "with these faults:",
    primary.length === 0 ? "" : `\n${primary.map((each) => `  ${printFired(each)}`).join("\n")}\n`,
    `${indented(String(cause))}\n`,
    `To see it again: testKit(app, ${printOptions(found, primary)})`,
  ].join("\n");
}

function printFired(fired: FiredFault): string {
  const { fault, task, taskId } = fired;
  const length = "seconds" in fired && fired.seconds !== undefined ? ` for ${fired.seconds} s` : "";
  return `${fault} ${placeOf(fired)}${length}, of ${task}[${taskId}]`;
}

function placeOf(fired: FiredFault): string {
  if ("nth" in fired) return `at ${fired.call} ${fired.nth}`;
  if ("delivery" in fired) return `at push ${fired.delivery}`;
  return fired.fault === "crash" ? "by hand" : `${fired.method}, by hand`;
}

/** As a test writes it down. What is not data stands there by its name alone. */
function printOptions({ kit, seed, concurrency }: FoundFailure, fired: readonly FiredFault[]): string {
  const further = Object.entries(kit).map(([name, value]) =>
    handed.has(name) ? name : `${name}: ${printCode(value)}`,
  );
  const aimed = fired.filter(isAimed).map(printAimed);
  const options = [`seed: ${seed}`, `concurrency: ${concurrency}`, ...further, `faults: [${aimed.join(", ")}]`];
  return `{ ${options.join(", ")} }`;
}

const handed: ReadonlySet<string> = new Set(["endpoint", "log", "random"]);

/** What was done by hand, the property did: it does it again. */
function isAimed(fired: FiredFault): boolean {
  return "nth" in fired || "delivery" in fired;
}

/** Where a fault is aimed at, without when it fired. */
function printAimed(fired: FiredFault): string {
  const aim = ["fault", "call", "nth", "delivery", "seconds", "other"];
  return printCode(Object.fromEntries(aim.map((name) => [name, fieldOf(fired, name)])));
}

function printCode(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printCode).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{ ${fields.map(([name, each]) => `${name}: ${printCode(each)}`).join(", ")} }`;
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
