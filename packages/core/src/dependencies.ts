/**
 * What a call has led to: the calls that its task sent, and what followed it.
 *
 * Functions, not methods: a program that only waits for results does without them, and without groups.
 *
 * @module
 */

import { IncompleteStream, isReady, type ResultMeta } from "@umbel/protocol";
import type { AsyncResult } from "./async-result.ts";
import { partsOf } from "./beneath.ts";
import type { GroupResult } from "./group-result.ts";
import { handleOf } from "./handle.ts";
import type { ResultHandle } from "./result-handle.ts";
import type { ResultSource } from "./result-source.ts";

/** A handle, the one that led to it, and what is stored for it: nothing of a group, nor of what has no store. */
export interface Dependency {
  readonly parent: ResultHandle | null;
  readonly result: ResultHandle;
  readonly meta: ResultMeta | undefined;
}

/** How far a search goes. */
export interface SearchOptions {
  /** True: a call that has not ended is one without children, so far. Else `IncompleteStream` is thrown. */
  readonly intermediate?: boolean;
}

/** What a call's task has sent, its callbacks and the next step of its chain; of a group, its members. */
export async function children(result: ResultHandle): Promise<readonly ResultHandle[]> {
  return await childrenOfAll([result]);
}

/**
 * A call and all that it has led to, level by level, each once. One reading for each level.
 * Throws `IncompleteStream` when a call has not ended, whose children nobody can know yet.
 */
export async function* iterdeps(
  result: ResultHandle,
  { intermediate = false }: SearchOptions = {},
): AsyncGenerator<Dependency, void> {
  const seen = new Set<string>();
  let level: readonly Omit<Dependency, "meta">[] = [{ parent: null, result }];
  while (level.length > 0) {
    const unseen = level.filter((each) => isNew(seen, each.result));
    const metas = await metasOf(unseen.map((each) => each.result));
    const found = unseen.map(({ parent, result: each }, nth) => ({ parent, result: each, meta: metas[nth] }));
    yield* found;
    const late = found.find(({ result: each, meta }) => isUnknown(each, meta));
    if (late !== undefined && !intermediate) throw new IncompleteStream(`${late.result.id} has not ended`);
    level = found.flatMap(childrenIn);
  }
}

function childrenIn({ result: parent, meta }: Dependency): readonly Omit<Dependency, "meta">[] {
  return (parent.results ?? handlesIn(parent, meta)).map((result) => ({ parent, result }));
}

/** The children of several, in one reading. */
export async function childrenOfAll(results: readonly ResultHandle[]): Promise<readonly ResultHandle[]> {
  const metas = await metasOf(results);
  return results.flatMap((each, nth) => each.results ?? handlesIn(each, metas[nth]));
}

/** Whether a handle is met for the first time. */
export function isNew(seen: Set<string>, { id }: ResultHandle): boolean {
  const before = seen.size;
  return seen.add(id).size > before;
}

function isUnknown({ results, source }: ResultHandle, meta: ResultMeta | undefined): boolean {
  return results === undefined && source !== undefined && !(meta !== undefined && isReady(meta.status));
}

function handlesIn({ source }: ResultHandle, meta: ResultMeta | undefined): readonly (AsyncResult | GroupResult)[] {
  if (source === undefined || meta === undefined || !isReady(meta.status)) return [];
  return (meta.children ?? []).map((tuple) => handleOf(source, tuple));
}

/** What is stored for each: one reading for each application. */
async function metasOf(results: readonly ResultHandle[]): Promise<readonly (ResultMeta | undefined)[]> {
  const found = new Map<ResultHandle, ResultMeta | undefined>();
  const sources = new Set(results.flatMap(({ source }) => source ?? []));
  for (const source of sources) {
    const calls = results.filter((each) => each.source === source && each.results === undefined);
    for (const part of partsOf(calls)) await readInto(found, source, part);
  }
  return results.map((each) => found.get(each));
}

async function readInto(
  found: Map<ResultHandle, ResultMeta | undefined>,
  { backend }: ResultSource,
  calls: readonly ResultHandle[],
): Promise<void> {
  const metas = await backend.read(calls.map(({ id }) => id));
  for (const [nth, call] of calls.entries()) found.set(call, metas[nth]);
}
