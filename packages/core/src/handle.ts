/**
 * From Celery's tuple of ids to the handles that a caller holds.
 *
 * @module
 */

import type { ResultTuple } from "@umbel/protocol";
import { AsyncResult } from "./async-result.ts";
import { GroupResult } from "./group-result.ts";
import { lineageOf } from "./lineage.ts";
import type { ResultHandle } from "./result-handle.ts";
import type { ResultSource } from "./result-source.ts";
import type { SentCalls } from "./sent-calls.ts";

/** The handle of a result and, through it, of all its parents. */
export function handleOf(source: ResultSource, tuple: ResultTuple, sent: SentCalls): AsyncResult | GroupResult {
  const [first = tuple, ...rest] = lineageOf(tuple);
  return rest.reduce((parent, each) => oneOf(each, parent), oneOf(first, null));

  function oneOf([[id], members]: ResultTuple, parent: ResultHandle | null): AsyncResult | GroupResult {
    if (members === null) return new AsyncResult(source, id, { parent, sent });
    return new GroupResult(source, id, { parent, results: members.map((each) => handleOf(source, each, sent)) });
  }
}
