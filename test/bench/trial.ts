/**
 * What a trial is, and what it brings: figures, each with a value for a contender.
 *
 * @module
 */

import type { ContenderName, Running } from "./contender.ts";
import type { BenchRedis } from "./redis.ts";
import type { Runtime } from "./umbel.ts";

/** What a figure says. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** Whether more of it is better, or less. */
  readonly better: "more" | "less";
}

/** What a trial is run with. */
export interface Setting {
  /** The full number, or its hundredth, which is enough to see that a trial runs. */
  readonly scaled: (count: number) => number;
  readonly runtime: Runtime;
  readonly redis: BenchRedis | undefined;
}

/** One thing that is measured. */
export interface Trial {
  readonly name: string;
  readonly figures: readonly Figure[];
  /** Who takes part; everybody when absent. */
  readonly contenders?: readonly ContenderName[];
  /** Most repetitions: what takes long is done less often. */
  readonly mostRuns?: number;
  /** Seconds that it may take; who takes longer has no figure and is asked for nothing more. Without limit when absent. */
  readonly longest?: number;
  /** A value for each figure, in their order. */
  measure(running: Running, setting: Setting): Promise<readonly number[]>;
}

/** A figure with what was measured: a line of the bench's output. */
export interface Line {
  readonly figure: string;
  readonly title: string;
  readonly unit: string;
  readonly better: "more" | "less";
  /** The medians. */
  readonly values: Readonly<Partial<Record<ContenderName, number>>>;
  /** What they are the medians of. */
  readonly runs: Readonly<Partial<Record<ContenderName, readonly number[]>>>;
}

/** The middle one; of an even number the lower middle one. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

/** The value that such a part (from 0 to 1) of all are not above. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
