/**
 * Why nodes of a canvas will never run.
 *
 * @module
 */

import {
  ChordError,
  type ChordPart,
  type FailureData,
  failureIn,
  failureOf,
  InvalidMessageError,
  reprOf,
  TaskRevokedError,
} from "@umbel/protocol";

/** An error and where it came from. */
export interface Failure {
  readonly failure: FailureData;
  /** As text, when there is one. */
  readonly traceback?: string | null | undefined;
}

/** What is stored for a node that will never run, and how a chord counts it. */
export interface Cause {
  readonly state: "FAILURE" | "REVOKED";
  readonly failure: FailureData;
  readonly traceback: string | null;
  /** How a chord takes a member that has come to this: as lost, or as one without a value. */
  readonly counts: "failed" | "ignored";
}

/** A step has failed: what waits for it fails for the same reason. */
export function failed({ failure, traceback = null }: Failure): Cause {
  return { state: "FAILURE", failure, traceback, counts: "failed" };
}

/** A step was revoked or has expired: what waits for it is revoked for the same reason. */
export function revoked({ failure, traceback = null }: Failure): Cause {
  return { state: "REVOKED", failure, traceback, counts: "failed" };
}

/** What stands for it was kept in the store, and is gone. */
export function gone(what: string): Cause {
  return failed({
    failure: failureOf(new InvalidMessageError(`${what} was kept in the store, and is gone: it has expired`)),
  });
}

/** A step gave no value: nothing can follow it, but a chord goes on without its value. */
export function ignored(): Cause {
  const failure = failureOf(new TaskRevokedError("ignored"));
  return { state: "REVOKED", failure, traceback: null, counts: "ignored" };
}

/** Members of a chord have failed: the first of them by place in the header is named. */
export function chordFailed(lost: ChordPart): Cause {
  const cause = failureIn(lost.result);
  const failure = failureOf(new ChordError(`Dependency ${lost.id} raised ${reprOf(cause)}`));
  return failed({ failure: { ...failure, exc_cause: cause } });
}
