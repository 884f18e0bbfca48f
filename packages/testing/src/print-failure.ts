/**
 * Tells of a canvas that ended wrongly: what it was, what went wrong with it, and how to have it again.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import type { AimedFault, FiredFault } from "./fault.ts";
import { printCanvas } from "./print-canvas.ts";

/** A failure, made as small as it gets. */
export interface FoundFailure {
  readonly canvas: Signature;
  readonly fired: readonly FiredFault[];
  /** What the property threw. */
  readonly cause: unknown;
  /** The seed and the concurrency of its kit. */
  readonly seed: number;
  readonly concurrency: number;
  /** The seed of the whole. */
  readonly from: number;
  readonly runs: number;
  /** How many runs it took to find it, and how often it was made smaller. */
  readonly numRuns: number;
  readonly numShrinks: number;
}

/** The whole story. */
export function printFailure(found: FoundFailure): string {
  const { canvas, fired, cause, seed, concurrency, from, runs, numRuns, numShrinks } = found;
  const aimed = fired.filter((each) => each.follows !== true);
  const kit = `{ seed: ${seed}, concurrency: ${concurrency}, faults: [${aimed.map(printAimed).join(", ")}] }`;
  return [
    `Canvas ${numRuns} of ${runs} ends wrongly (seed ${from}); made smaller ${numShrinks} times it is`,
    `\n  ${printCanvas(canvas)}\n`,
    aimed.length === 0 ? "without any fault:" : "with these faults:",
    aimed.length === 0 ? "" : `\n${aimed.map((each) => `  ${printFired(each)}`).join("\n")}\n`,
    `${indented(String(cause))}\n`,
    `To see it again: testKit(app, ${kit})`,
  ].join("\n");
}

function printFired(fired: FiredFault): string {
  const { task, taskId, seconds } = fired;
  const where = "call" in fired ? `${fired.call} ${fired.nth}` : `push ${fired.delivery}`;
  const length = seconds === undefined ? "" : ` for ${seconds} s`;
  return `${fired.fault} at ${where}${length}, of ${task}[${taskId}]`;
}

/** As a test writes it down. */
function printAimed(fired: AimedFault): string {
  const { fault, seconds } = fired;
  const where = "call" in fired ? `call: "${fired.call}", nth: ${fired.nth}` : `delivery: ${fired.delivery}`;
  return `{ fault: "${fault}", ${where}${seconds === undefined ? "" : `, seconds: ${seconds}`} }`;
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
