/**
 * Tasks, and chains of tasks: their first call is sent at once, their handles are of single calls.
 *
 * @module
 */

import { line as algebra } from "@umbel/canvas";
import { ImproperlyConfigured, type ResultTuple, type Signature } from "@umbel/protocol";
import { AsyncResult } from "./async-result.ts";
import type { Composition } from "./composition.ts";
import { foldLine } from "./lineage.ts";
import { publicationOf } from "./publication.ts";
import { publishOrThrow } from "./publish.ts";
import type { ResultSource } from "./result-source.ts";
import type { SentCalls } from "./sent-calls.ts";

/** What every application can do. */
export const line: Composition = {
  algebra,
  isWhole: false,
  start: async (app, _canvas, calls) =>
    await publishOrThrow(
      app,
      calls.map((each) => publicationOf(app, each)),
      calls[0]?.options,
    ),
  skew,
  handleOf,
};

function skew({ task }: Signature): never {
  throw new ImproperlyConfigured(`${task} is no group: it has no members to skew`);
}

function handleOf(source: ResultSource, tuple: ResultTuple, sent: SentCalls): AsyncResult {
  return foldLine<AsyncResult>(tuple, ([[id]], parent) => new AsyncResult(source, id, { parent, sent }));
}
