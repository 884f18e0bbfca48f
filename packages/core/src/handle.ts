/**
 * From Celery's tuple of ids to the handles that a caller holds.
 *
 * @module
 */

import type { ResultTuple } from "@umbel/protocol";
import { AsyncResult } from "./async-result.ts";
import { GroupResult } from "./group-result.ts";
import { foldLine } from "./lineage.ts";
import type { ResultSource } from "./result-source.ts";
import type { SentCalls } from "./sent-calls.ts";

/** The handle of a result and, through it, of all its parents. */
export function handleOf(source: ResultSource, tuple: ResultTuple, sent?: SentCalls): AsyncResult | GroupResult {
  return foldLine<AsyncResult | GroupResult>(tuple, ([[id], members], parent) => {
    if (members === null) return new AsyncResult(source, id, { parent, sent });
    return new GroupResult(source, id, { parent, results: members.map((each) => handleOf(source, each, sent)) });
  });
}
