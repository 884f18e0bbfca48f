/**
 * Tells the errbacks of a call that it has failed (delivery.md 17).
 *
 * Each is sent once, as a task of its own: its id follows from the failed id and its place. An immutable one gets its own
 * arguments only, any other the failure first.
 *
 * @module
 */

import { messageOf, type Signature } from "@umbel/protocol";
import type { Cause } from "./cause.ts";
import { type Consequence, consequencesOf, type Following } from "./consequence.ts";
import { expand } from "./expand.ts";
import { freeze } from "./freeze.ts";

/** What an errback is called with: a failed call as plain data. */
export interface FailedCall {
  readonly id: string;
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly retries: number;
  readonly state: "FAILURE" | "REVOKED";
  /** Class name of the error. */
  readonly excType: string;
  readonly excMessage: string;
  /** As text; null when the call never ran. */
  readonly traceback: string | null;
  readonly rootId: string;
}

/** A call that has failed, before it is said why. */
export type CallFacts = Pick<FailedCall, "id" | "task" | "args" | "kwargs" | "retries" | "rootId">;

/** The errbacks of a failed call, to be sent. */
export function errbackCalls(
  errbacks: readonly Signature[],
  failed: FailedCall,
  { childId }: Following,
): readonly Consequence[] {
  const options = { parent_id: failed.id, root_id: failed.rootId };
  return errbacks.flatMap((errback, index) => {
    const frozen = freeze(errback, { id: childId(failed.id, `errback/${index}`), childId });
    return consequencesOf(expand(frozen.signature, { args: [failed], options }));
  });
}

/** A failed call as its errbacks see it. */
export function failedCall(call: CallFacts, { state, failure, traceback }: Cause): FailedCall {
  return { ...call, state, excType: failure.exc_type, excMessage: messageOf(failure), traceback };
}
