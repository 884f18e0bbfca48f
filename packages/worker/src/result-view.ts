/**
 * A result as the HTTP API shows it.
 *
 * @module
 */

import {
  errorOf,
  failureIn,
  type FailureOrigin,
  isException,
  readDate,
  type ResultMeta,
  UmbelError,
} from "@umbel/protocol";

/** The body of every answer about a call. */
export interface ResultView {
  readonly id: string;
  /** PENDING when nothing is known of the id, as in Celery. */
  readonly state: string;
  /** The value of a success, the data of a custom state. */
  readonly result?: unknown;
  /** Why it failed, is retried, or was revoked. */
  readonly error?: ErrorView;
  readonly retries: number;
  /** ISO 8601, once the call has ended. */
  readonly dateDone?: string;
  /** Ids of what the call has sent. */
  readonly children: readonly string[];
  /** Id of what sent it. */
  readonly parent: string | null;
}

/** What is shown of an error. */
export interface ErrorView {
  /** Name of its class. */
  readonly type: string;
  readonly message: string;
  /** The call that has failed, where this one waited for it: an earlier step, a member of its chord. */
  readonly origin?: FailureOrigin;
  readonly traceback?: string;
}

/** What a reader may see. */
export interface Show {
  /** A traceback names the server's files: only whoever has the token gets it. */
  readonly hasTraceback?: boolean;
}

/** Shows what is stored under an id. */
export function viewOf(id: string, meta: ResultMeta | undefined, show: Show = {}): ResultView {
  if (meta === undefined) return { id, state: "PENDING", retries: 0, children: [], parent: null };
  return {
    id,
    state: meta.status,
    ...shownResult(id, meta, show),
    retries: meta.retries ?? 0,
    ...(meta.date_done === null ? {} : { dateDone: new Date(readDate(meta.date_done)).toISOString() }),
    children: (meta.children ?? []).map(([[child]]) => child),
    parent: meta.parent_id ?? null,
  };
}

function shownResult(
  id: string,
  { status, result, traceback }: ResultMeta,
  { hasTraceback = false }: Show,
): Pick<ResultView, "result" | "error"> {
  if (!isException(status)) return { result };
  const failure = failureIn(result);
  const error = errorOf(failure, { taskId: id });
  const origin = originOf(error);
  return {
    error: {
      type: failure.exc_type,
      message: error.message,
      ...(origin && { origin }),
      ...(traceback === null || !hasTraceback ? {} : { traceback }),
    },
  };
}

/** The body of a chord has an error of its own, whose cause is the member's. */
function originOf({ origin, cause }: UmbelError): FailureOrigin | undefined {
  return origin ?? (cause instanceof UmbelError ? cause.origin : undefined);
}
