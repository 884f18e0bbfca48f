/**
 * The values of a call and of all that it has led to.
 *
 * @module
 */

import { childrenOfAll, isNew } from "./dependencies.ts";
import type { GetOptions, ResultHandle } from "./result-handle.ts";
import { ResultSet } from "./result-set.ts";

/** A handle and its value; a group's is a list. */
export type CollectedResult = readonly [result: ResultHandle, value: unknown];

/**
 * Waits for a call and for all that it has led to, level by level: `for await (const [result, value] of collect(r))`.
 * Throws as `get()` does; with `propagate: false` an error is the value. A level costs two readings, however wide it is.
 */
export async function* collect(result: ResultHandle, options: GetOptions = {}): AsyncGenerator<CollectedResult, void> {
  const seen = new Set<string>();
  let level: readonly ResultHandle[] = [result];
  while (level.length > 0) {
    const unseen = level.filter((each) => isNew(seen, each));
    yield* inOrder(unseen, options);
    level = await childrenOfAll(unseen);
  }
}

/** The value of the last call that a call has led to. Throws as {@link collect} does. */
export async function getLeaf(result: ResultHandle, options: GetOptions = {}): Promise<unknown> {
  let leaf: unknown;
  for await (const [, value] of collect(result, options)) leaf = value;
  return leaf;
}

/** As they end, but each after those before it. */
async function* inOrder(results: readonly ResultHandle[], options: GetOptions): AsyncGenerator<CollectedResult, void> {
  const values = new Map<number, unknown>();
  let next = 0;
  for await (const [index, value] of new ResultSet(results).iterate(options)) {
    values.set(index, value);
    for (let each = results[next]; each !== undefined && values.has(next); each = results[next]) {
      yield [each, values.get(next)];
      next += 1;
    }
  }
}
