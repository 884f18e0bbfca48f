/**
 * For how long records and results are kept (delivery.md 19).
 *
 * @module
 */

import { readDate, secondsOf, type TaskMessage } from "@umbel/protocol";
import type { Application } from "./application.ts";
import type { Settings } from "./settings.ts";

/** `resultExpires` in seconds, as backends take it; absent when results stay for ever. */
export function resultLife(conf: Settings): { readonly resultExpires?: number } {
  return conf.resultExpires === null ? {} : { resultExpires: secondsOf(conf.resultExpires) };
}

/**
 * Seconds for which a task's record must be kept: `resultExpires` beyond the last moment at which the broker may still
 * deliver it. A record is never kept for ever, results may be.
 */
export function retentionOf(app: Application, message?: TaskMessage): number {
  const beyond = secondsOf(app.conf.resultExpires ?? 86_400);
  return Math.ceil(untilDue(app, message) + app.broker.traits.retryHorizon + beyond);
}

function untilDue(app: Application, message: TaskMessage | undefined): number {
  const eta = message?.headers.eta;
  if (eta === undefined || eta === null) return 0;
  return Math.max(0, (readDate(eta) - app.platform.now()) / 1000);
}
