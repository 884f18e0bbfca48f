/**
 * One task for each of many items: Celery's map, starmap and chunks (celery-semantics.md 3.3).
 *
 * On the wire each is a single call of a task that every worker serves, with the task and the items as named arguments
 * (celery-wire.md 8.1); none takes anything from the step before.
 *
 * @module
 */

import { InvalidMessageError, type Signature } from "@umbel/protocol";
import { groupOf } from "./parts.ts";
import { immutable, signature } from "./signature.ts";

/** Names under which a worker must serve them. */
export const mapName = "celery.map";
export const starmapName = "celery.starmap";
export const chunksName = "celery.chunks";

/** A call that runs a task once for each item. */
export interface Items {
  /** Name of the task. */
  readonly task: string;
  readonly items: readonly unknown[];
  /** Whether each item is a list of arguments, and not the only one. */
  readonly isSpread: boolean;
}

/** One call that runs a task for each item in turn, and returns the list of what it returned. */
export function map(task: string, items: readonly unknown[]): Signature {
  return each(mapName, task, { it: items });
}

/** As {@link map}, where each item is a list of arguments. */
export function starmap(task: string, items: readonly unknown[]): Signature {
  return each(starmapName, task, { it: items });
}

/** One call that becomes a group where it is run: a starmap for every `n` of the items. */
export function chunks(task: string, items: readonly unknown[], n: number): Signature {
  return each(chunksName, task, { it: items, n });
}

/** Whether a call is a map or a starmap, and of what. Throws `InvalidMessageError` when it does not say. */
export function itemsIn(call: Pick<Signature, "task" | "kwargs">): Items | undefined {
  if (call.task !== mapName && call.task !== starmapName) return undefined;
  return { ...mappedIn(call), isSpread: call.task === starmapName };
}

/** The starmaps that a call of chunks stands for. Throws `InvalidMessageError` when it does not say. */
export function chunksIn(call: Pick<Signature, "task" | "kwargs">): readonly Items[] {
  const { task, items } = mappedIn(call);
  const { n } = call.kwargs;
  if (typeof n !== "number" || !Number.isInteger(n) || n < 1) refuse(call, "n, a whole number of at least 1");
  return slices(items, n).map((slice) => ({ task, items: slice, isSpread: true }));
}

/** The group that a call of chunks stands for. Throws as {@link chunksIn}. */
export function groupOfChunks(call: Pick<Signature, "task" | "kwargs">): Signature {
  return groupOf(chunksIn(call).map(({ task, items }) => starmap(task, items)));
}

/** So many at a time, the last perhaps fewer. */
export function slices<Item>(items: readonly Item[], n: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / n) }, (_, nth) => items.slice(nth * n, (nth + 1) * n));
}

/** Name of the task that such a call is about: it is sent where that one would be. */
export function mappedTask({ task, kwargs }: Pick<Signature, "task" | "kwargs">): string {
  const isMapped = task === mapName || task === starmapName || task === chunksName;
  return (isMapped ? nameIn(kwargs["task"]) : undefined) ?? task;
}

function each(name: string, task: string, kwargs: Readonly<Record<string, unknown>>): Signature {
  return immutable(signature(name, { kwargs: { task: signature(task), ...kwargs } }));
}

function mappedIn(call: Pick<Signature, "task" | "kwargs">): Pick<Items, "task" | "items"> {
  const { task, it } = call.kwargs;
  const name = nameIn(task);
  if (name === undefined) refuse(call, "task, a signature");
  if (!Array.isArray(it)) refuse(call, "it, a list");
  return { task: name, items: it };
}

function nameIn(task: unknown): string | undefined {
  const name: unknown = typeof task === "object" && task !== null ? Reflect.get(task, "task") : undefined;
  return typeof name === "string" ? name : undefined;
}

function refuse({ task }: Pick<Signature, "task">, what: string): never {
  throw new InvalidMessageError(`${task} has no ${what}, among its named arguments`);
}
