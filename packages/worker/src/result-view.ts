/**
 * A result as the HTTP API shows it.
 *
 * @module
 */

import { errorOf, failureIn, isException, readDate, type ResultMeta } from "@umbel/protocol";

/** The body of every answer about a call. */
export interface ResultView {
  readonly id: string;
  /** PENDING when nothing is known of the id, as in Celery. */
  readonly state: string;
  /** The value of a success, the data of a custom state. */
  readonly result?: unknown;
  /** Why it failed, is retried, or was revoked. */
  readonly error?: { readonly type: string; readonly message: string; readonly traceback?: string };
  readonly retries: number;
  /** ISO 8601, once the call has ended. */
  readonly dateDone?: string;
  /** Ids of what the call has sent. */
  readonly children: readonly string[];
  /** Id of what sent it. */
  readonly parent: string | null;
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
  return {
    error: {
      type: failure.exc_type,
      message: errorOf(failure, { taskId: id }).message,
      ...(traceback === null || !hasTraceback ? {} : { traceback }),
    },
  };
}
