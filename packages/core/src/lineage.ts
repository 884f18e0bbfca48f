/**
 * Results and those before them, without recursion: a chain may have more steps than a stack has frames.
 *
 * @module
 */

import type { ResultTuple } from "@umbel/protocol";

/** Makes something of a result, given what was made of the one before it; at most so many before it are looked at. */
export function foldLine<Made>(
  tuple: ResultTuple,
  make: (tuple: ResultTuple, before: Made | null) => Made,
  most: number = Infinity,
): Made {
  const line: ResultTuple[] = [];
  for (let [[, before]] = tuple; before !== null && line.length < most; [[, before]] = before) line.push(before);
  return fold(tuple, line, make);
}

/** Makes something of the last of a line, given what was made of those before it, the nearest first. */
export function fold<Each, Made>(
  last: Each,
  before: readonly Each[],
  make: (each: Each, before: Made | null) => Made,
): Made {
  return make(
    last,
    before.reduceRight<Made | null>((made, each) => make(each, made), null),
  );
}

/** Most results before one that are stored with it: each is nested in the one after it, and JSON may not be nested for ever. */
const mostStored = 128;

/** A result as it is stored among the children of a task, without what came long before it. */
export function storedLineage(tuple: ResultTuple, most: number = mostStored): ResultTuple {
  const inner = Math.floor(most / 2);
  return foldLine<ResultTuple>(
    tuple,
    ([[id], members], before) => [[id, before], members?.map((each) => storedLineage(each, inner)) ?? null],
    most,
  );
}
