/**
 * What became of a call, read from what is stored.
 *
 * @module
 */

import { errorOf, failureIn, isPropagated, type ResultMeta, type UmbelError } from "@umbel/protocol";

/** What became of a call, as a value. */
export type Settled<Result> =
  | { readonly state: "SUCCESS"; readonly result: Result }
  | { readonly state: "FAILURE" | "REVOKED"; readonly error: UmbelError };

/** The end that a ready result tells. Where only errors are kept, a success has no value. */
export function settledOf(meta: ResultMeta, { ignored }: { readonly ignored: boolean }): Settled<unknown> {
  if (isPropagated(meta.status)) {
    return { state: meta.status === "REVOKED" ? "REVOKED" : "FAILURE", error: errorIn(meta) };
  }
  return { state: "SUCCESS", result: ignored ? undefined : meta.result };
}

/** The error that FAILURE, RETRY or REVOKED tells of. */
export function errorIn(meta: ResultMeta): UmbelError {
  return errorOf(failureIn(meta.result), { taskId: meta.task_id, traceback: meta.traceback });
}
