/**
 * What is measured: a way to run tasks, as processes of its own.
 *
 * @module
 */

import type { Question } from "./child.ts";

/** Who is measured, in the order of the table's columns. */
export const contenderNames = ["embedded", "redis", "celery", "bullmq"] as const;

/** Umbel by its gateway alone, Umbel with its results on Redis, and the peers. */
export type ContenderName = (typeof contenderNames)[number];

/** A contender whose processes run. */
export interface Running {
  readonly name: ContenderName;
  /** Asks its producer. */
  readonly ask: (question: Question) => Promise<readonly number[]>;
  /** The processes that run tasks and bring them there: worker and gateway. */
  readonly servants: readonly number[];
  /** These, the producer, and the Redis if it uses it. */
  readonly all: readonly number[];
  /** What only Umbel can be asked. */
  readonly umbel?: UmbelSide;
  stop(): Promise<void>;
}

/** Umbel's HTTP. */
export interface UmbelSide {
  readonly workerUrl: string;
  /** Requests that worker and producer have made so far. */
  requests(): Promise<{ readonly publish: number; readonly store: number }>;
  /** Bytes of the messages since this was last asked, the producer's first; they are measured from now on, or not any more. */
  messageSizes(areMeasured: boolean): Promise<readonly number[]>;
  /** Whether the worker tells of its tasks from now on; it does not at first. */
  sendEvents(are: boolean): Promise<void>;
}
