/**
 * Results and those before them, without recursion: a chain may have more steps than a stack has frames.
 *
 * @module
 */

import type { ResultTuple } from "@umbel/protocol";

/** A result and all before it, the first step first. */
export function lineageOf(tuple: ResultTuple): readonly ResultTuple[] {
  const line = [tuple];
  for (let [[, before]] = tuple; before !== null; [[, before]] = before) line.push(before);
  return line.toReversed();
}

/** Most results before one that are stored with it: each is nested in the one after it, and JSON may not be nested for ever. */
const mostStored = 128;

/** A result as it is stored among the children of a task, without what came long before it. */
export function storedLineage(tuple: ResultTuple, most: number = mostStored): ResultTuple {
  const inner = Math.max(1, Math.floor(most / 2));
  return (
    lineageOf(tuple)
      .slice(-most)
      .reduce<ResultTuple | null>(
        (parent, [[id], members]) => [[id, parent], members?.map((each) => storedLineage(each, inner)) ?? null],
        null,
      ) ?? tuple
  );
}
