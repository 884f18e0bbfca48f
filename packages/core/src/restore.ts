/**
 * Handles of what was sent before: from a group that was kept, or from Celery's form of a handle.
 *
 * @module
 */

import { InvalidMessageError, isResultTuple } from "@umbel/protocol";
import type { AsyncResult } from "./async-result.ts";
import { GroupResult } from "./group-result.ts";
import { handleOf } from "./handle.ts";
import type { ResultSource } from "./result-source.ts";

/** The group that `save()` kept, ours or a Python program's; undefined when there is none, or none any more. */
export async function restoreGroup(app: ResultSource, id: string): Promise<GroupResult | undefined> {
  const stored = await app.backend.group(id);
  if (stored === undefined) return undefined;
  const group = handleOf(app, stored.tuple);
  return group instanceof GroupResult ? group : new GroupResult(app, id, { results: [group] });
}

/**
 * The handle that a task has returned, or `asTuple()` has told: `[[id, parent], members]`.
 * Throws `InvalidMessageError` for anything else.
 */
export function resultFromTuple(app: ResultSource, tuple: unknown): AsyncResult | GroupResult {
  if (isResultTuple(tuple)) return handleOf(app, tuple);
  throw new InvalidMessageError("It is no result tuple: [[id, parent], null], or [[id, parent], [member, ...]]");
}
