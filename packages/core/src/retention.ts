/**
 * For how long records and results are kept (delivery.md 19).
 *
 * @module
 */

import { secondsOf } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import type { Settings } from "./settings.ts";
import type { TaskOptions } from "./task-options.ts";

/** `resultExpires` in seconds, as backends take it: a task's own, else the setting; absent when results stay for ever. */
export function resultLife(
  conf: Settings,
  { resultExpires = conf.resultExpires }: Pick<TaskOptions, "resultExpires"> = {},
): { readonly resultExpires?: number } {
  return resultExpires === null ? {} : { resultExpires: secondsOf(resultExpires) };
}

/**
 * Seconds for which a task's record must be kept: `resultExpires` beyond the last moment at which the broker may still
 * deliver a message of it that is due at `dueAt` (milliseconds since 1970; null: now). A record is never kept for ever,
 * results may be.
 */
export function retentionOf(app: CallingApplication, dueAt: number | null = null): number {
  const beyond = secondsOf(app.conf.resultExpires ?? 86_400);
  const wait = dueAt === null ? 0 : Math.max(0, (dueAt - app.platform.now()) / 1000);
  return Math.ceil(wait + app.broker.traits.retryHorizon + beyond);
}

/** Longest wait that is reckoned with where nobody knows when a message is due: a year. */
const longestWait = 31_536_000;

/**
 * Seconds for which something must be kept that waits for messages of which nobody here knows when they are due: a mark
 * on a task, the parts of a chord. The broker may hold such a message for as long as it holds any.
 */
export function waitingRetentionOf(app: CallingApplication): number {
  return retentionOf(app) + Math.min(app.broker.traits.maxDelay, longestWait);
}
