/**
 * All that a handle knows of its canvas: the steps before it, the members of its groups, and theirs.
 *
 * @module
 */

import type { ResultHandle } from "./result-handle.ts";
import type { ResultSource } from "./result-source.ts";

/** Ids of a canvas. */
export interface CanvasIds {
  /** Of tasks. */
  readonly ids: readonly string[];
  /** Of groups. */
  readonly groups: readonly string[];
}

/** What a look at a handle needs of it. */
type Known = Pick<ResultHandle, "id" | "results" | "parent">;

/** The ids of handles, of all before them and of all their members. Without recursion: a chain may be long. */
export function idsBeneath(results: readonly Known[]): CanvasIds {
  const open = [...results];
  const seen = new Set<Known>();
  const [ids, groups] = [new Set<string>(), new Set<string>()];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    (at.results === undefined ? ids : groups).add(at.id);
    for (const member of at.results ?? []) open.push(member);
    if (at.parent !== null) open.push(at.parent);
  }
  return { ids: [...ids], groups: [...groups] };
}

/** Deletes what is stored of a canvas: one request for each thousand of its parts. */
export async function forgetAll({ backend }: Pick<ResultSource, "backend">, { ids, groups }: CanvasIds): Promise<void> {
  const [first = [], ...others] = partsOf(ids);
  await backend.forget(first, groups);
  for (const part of others) await backend.forget(part);
}

/** Most results that are asked for in one request. */
const mostAtOnce = 1000;

/** A list in parts that one request takes. */
export function partsOf<Each>(list: readonly Each[]): readonly (readonly Each[])[] {
  return Array.from({ length: Math.ceil(list.length / mostAtOnce) }, (_, nth) =>
    list.slice(nth * mostAtOnce, (nth + 1) * mostAtOnce),
  );
}
