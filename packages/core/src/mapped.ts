/**
 * Celery's names for a task over many items, beside the methods of the task itself.
 *
 * @module
 */

import { slices as slicesOf } from "@umbel/canvas";
import { group } from "./canvas.ts";
import type { GroupOf } from "./fit.ts";
import { argumentsFor, countFor, type MapItems } from "./items.ts";
import type { Stored } from "./json.ts";
import type { ImmutableSignature, Task } from "./task.ts";

/** One call that runs a task for each item in turn: `task.map(items)`. */
export function xmap<P extends readonly unknown[], R>(
  task: Task<P, R>,
  items: MapItems<P>,
): ImmutableSignature<Stored<R>[]> {
  return task.map(items);
}

/** As {@link xmap}, where each item is a list of arguments: `task.starmap(items)`. */
export function xstarmap<P extends readonly unknown[], R>(
  task: Task<P, R>,
  items: Iterable<Readonly<P>>,
): ImmutableSignature<Stored<R>[]> {
  return task.starmap(items);
}

/** A group of starmaps. */
export type ChunksOf<R> = GroupOf<readonly ImmutableSignature<Stored<R>[]>[]>;

/**
 * A group of starmaps, one for every `n` items, the last perhaps of fewer: what `task.chunks(items, n)` becomes where it
 * is run, sent from here. Throws `ImproperlyConfigured` for no list and for an `n` below 1.
 */
export function chunks<P extends readonly unknown[], R>(
  task: Task<P, R>,
  items: Iterable<Readonly<P>>,
  n: number,
): ChunksOf<R> {
  const method = `${task.name}.chunks`;
  const slices = slicesOf(argumentsFor(method, items), countFor(method, n));
  return group(slices.map((each) => task.starmap(each)));
}
