/**
 * The items that a task is mapped over, checked where they are given.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { Misfit } from "./misfit.ts";

/** The one argument that a call of a task may do with: what `map` needs. Never, for a task that needs more or none. */
type OnlyArgument<P extends readonly unknown[]> = P extends readonly []
  ? never
  : P extends readonly [infer First, ...infer Others]
    ? [] extends Others
      ? First
      : never
    : P extends readonly [_first?: infer First, ...others: unknown[]]
      ? First
      : never;

/** Items for `map` of a task that takes `P`. */
export type MapItems<P extends readonly unknown[]> = [P] extends [never]
  ? never
  : [OnlyArgument<P>] extends [never]
    ? Misfit<"map is for a task of one argument; write starmap([[x, y], ...])">
    : Iterable<OnlyArgument<P>>;

/** Items as a list. Throws `ImproperlyConfigured` for what has none. */
export function itemsFor<Item>(method: string, items: Iterable<Item>): readonly Item[] {
  if (isIterable(items)) return [...items];
  throw new ImproperlyConfigured(`${method}() takes a list of items, and was given ${kindOf(items)}`);
}

/** Items that are lists of arguments themselves. Throws `ImproperlyConfigured` for one that is none. */
export function argumentsFor<Item extends readonly unknown[]>(method: string, items: Iterable<Item>): readonly Item[] {
  return itemsFor(method, items).map((item, nth) => {
    if (Array.isArray(item)) return item;
    throw new ImproperlyConfigured(
      `${method}() takes a list of argument lists: item ${nth + 1} is ${kindOf(item)}, so write [${String(item)}]`,
    );
  });
}

/** How many items go into one call. Throws `ImproperlyConfigured` for what is no number of items. */
export function countFor(method: string, n: number): number {
  if (Number.isInteger(n) && n >= 1) return n;
  throw new ImproperlyConfigured(`${method}() takes the number of items in a chunk, 1 or more, and was given ${n}`);
}

function isIterable(value: unknown): boolean {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

/** What something is, for whoever gave the wrong thing. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}
