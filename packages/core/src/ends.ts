/**
 * How the members of a set ended: now, or as they do.
 *
 * @module
 */

import { isReady, type ResultMeta } from "@umbel/protocol";
import { askedOf } from "./async-result.ts";
import { partsOf } from "./beneath.ts";
import { gather } from "./gather.ts";
import { type Inbox, openInbox } from "./inbox.ts";
import { lastLook, readSoon } from "./last-look.ts";
import { type GetOptions, lineOf, checkWait, type ResultHandle } from "./result-handle.ts";
import type { ResultSource } from "./result-source.ts";
import { type Settled, settledOf } from "./settled.ts";
import { startWait } from "./wait-time.ts";

/** The end of one call. */
export type LeafEnd = readonly [leaf: ResultHandle, settled: Settled<unknown>];

/** Handles of calls that can be waited for together. */
interface Batch {
  readonly source: ResultSource;
  /** The group that they are all members of. */
  readonly group: string | undefined;
  readonly leaves: readonly ResultHandle[];
}

/** The calls among handles, those of groups in their place. */
export function leavesOf(results: readonly ResultHandle[]): readonly ResultHandle[] {
  return results.flatMap((each) => (each.results === undefined ? [each] : leavesOf(each.results)));
}

/** How each member has ended so far; undefined where it has not. One reading for each application. */
export async function endsNow(results: readonly ResultHandle[]): Promise<readonly (Settled<unknown> | undefined)[]> {
  const leaves = leavesOf(results);
  const ends = new Map(await knownEnds(leaves));
  for (const batch of batchesOf(results)) {
    for (const [leaf, settled] of await readEnds(batch)) ends.set(leaf, settled);
  }
  return leaves.map((leaf) => ends.get(leaf));
}

/**
 * The members' ends, as they come. `group` is that of the results themselves. Throws `TimeoutError`, and
 * `GetInsideTaskError`.
 */
export async function* endsOf(
  results: readonly ResultHandle[],
  { group, ...options }: GetOptions & { readonly group?: string | undefined },
): AsyncGenerator<LeafEnd, void> {
  checkWait(options);
  yield* await knownEnds(leavesOf(results), options);
  const batches = batchesOf(results, group);
  const [first] = batches;
  if (first === undefined) return;
  const open = new Set(batches.flatMap(({ leaves }) => leaves));
  const wait = startWait(first.source, options);
  try {
    yield* counted(open, together(batches, { ...options, signal: wait.signal }));
  } catch (error) {
    if (!wait.isOver(error)) throw error;
    yield* lateEnds(open, { batches, seconds: wait.seconds });
  } finally {
    await wait.stop();
  }
}

/** Ends that are known without asking a store. */
async function knownEnds(leaves: readonly ResultHandle[], options: GetOptions = {}): Promise<readonly LeafEnd[]> {
  const known = leaves.filter(({ storing }) => storing === undefined);
  const ends = known.map(async (leaf): Promise<readonly LeafEnd[]> => {
    return [await leaf.settled({ ...options, allowJoin: true })].flat().map((settled) => [leaf, settled]);
  });
  return (await Promise.all(ends)).flat();
}

/** Which calls can be waited for together: those of the same group, each once. */
function batchesOf(results: readonly ResultHandle[], group?: string): readonly Batch[] {
  const leaves = new Map<ResultSource, Set<ResultHandle>>();
  const nested: Batch[] = [];
  for (const each of results) {
    if (each.results !== undefined) nested.push(...batchesOf(each.results, each.id));
    else if (each.storing !== undefined) setAt(leaves, each.storing.source).add(each);
  }
  return [...[...leaves].map(([source, own]) => ({ source, group, leaves: [...own] })), ...nested];
}

function setAt<Key, Each>(sets: Map<Key, Set<Each>>, key: Key): Set<Each> {
  const found = sets.get(key) ?? new Set();
  sets.set(key, found);
  return found;
}

async function* counted(open: Set<ResultHandle>, ends: AsyncIterable<LeafEnd>): AsyncGenerator<LeafEnd, void> {
  for await (const end of ends) {
    open.delete(end[0]);
    yield end;
  }
}

interface Waiting extends Pick<GetOptions, "onMessage"> {
  readonly signal: AbortSignal;
}

/** The ends of all batches, whichever comes first. */
async function* together(batches: readonly Batch[], { signal, onMessage }: Waiting): AsyncGenerator<LeafEnd, void> {
  const over = new AbortController();
  const inbox = openInbox<LeafEnd>();
  let left = batches.reduce((sum, { leaves }) => sum + leaves.length, 0);
  const until = AbortSignal.any([signal, over.signal]);
  for (const batch of batches) pump(batch, inbox, { signal: until, ...(onMessage === undefined ? {} : { onMessage }) });
  try {
    while (left > 0) {
      for (const end of await inbox.take()) {
        left -= 1;
        yield end;
      }
    }
  } finally {
    over.abort();
  }
}

function pump({ source, group, leaves }: Batch, inbox: Inbox<LeafEnd>, { signal, onMessage }: Waiting): void {
  const leavesBy = new Map<string, Set<ResultHandle>>();
  for (const leaf of leaves) setAt(leavesBy, leaf.id).add(leaf);
  const work = async (): Promise<void> => {
    for await (const meta of gather(source, { ids: [...leavesBy.keys()], group }, signal)) {
      onMessage?.(meta);
      for (const leaf of leavesBy.get(meta.task_id) ?? []) inbox.put([leaf, endIn(leaf, meta)]);
    }
  };
  work().catch(inbox.fail);
}

async function readEnds({ source, leaves }: Batch): Promise<readonly LeafEnd[]> {
  const ends: LeafEnd[] = [];
  for (const part of partsOf(leaves)) {
    const metas = await source.backend.read(part.map(({ id }) => id));
    ends.push(...pairs(part, metas));
  }
  return ends;
}

function pairs(leaves: readonly ResultHandle[], metas: readonly (ResultMeta | undefined)[]): readonly LeafEnd[] {
  return leaves.flatMap((leaf, nth) => {
    const meta = metas[nth];
    return meta !== undefined && isReady(meta.status) ? [[leaf, endIn(leaf, meta)]] : [];
  });
}

function endIn({ ignored = false }: ResultHandle, meta: ResultMeta): Settled<unknown> {
  return settledOf(meta, { ignored });
}

/** When the time is over: what has ended since anybody looked, until the first that has not, of which the error tells. */
async function* lateEnds(
  open: ReadonlySet<ResultHandle>,
  { batches, seconds }: { readonly batches: readonly Batch[]; readonly seconds: number },
): AsyncGenerator<LeafEnd, void> {
  for (const { source, leaves } of batches) {
    const late = leaves.filter((leaf) => open.has(leaf));
    const metas =
      (await readSoon(
        source,
        late.map(({ id }) => id),
      )) ?? [];
    const ends = new Map(pairs(late, metas));
    for (const leaf of late) {
      const end = ends.get(leaf) ?? endIn(leaf, await lookAgain(source, leaf, seconds));
      yield [leaf, end];
    }
  }
}

async function lookAgain(source: ResultSource, leaf: ResultHandle, seconds: number): Promise<ResultMeta> {
  return await lastLook(source, { ids: askedOf(lineOf(leaf)), sent: leaf.storing?.sent, seconds });
}
