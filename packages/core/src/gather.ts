/**
 * Waits for many results at once.
 *
 * Each end of a group's member is announced on the group's channel, so that a group of any size costs one subscription and
 * one reading. One member, drawn by lot, is waited for by its own channel besides: one that nobody has announced (a Python
 * worker's) ends so too, and the next is drawn. Results of no common group are waited for eight at a time, and now and then
 * all are read again, more and more seldom. So connections are few and commands grow with the number of results only.
 *
 * @module
 */

import { isReady, type ResultMeta } from "@umbel/protocol";
import { partsOf } from "./beneath.ts";
import { type Inbox, openInbox } from "./inbox.ts";
import type { ResultSource } from "./result-source.ts";

/** What is waited for. */
export interface Wanted {
  readonly ids: readonly string[];
  /** The group that they are all members of. */
  readonly group?: string | undefined;
}

/** Most results of no common group that are waited for each by its own channel. */
const mostChannels = 8;

/** Seconds until results of no common group are read again; doubled each time. */
const firstPause = 5;

/** Yields each result once it is ready, and ends after the last. Throws the signal's reason, and `BackendUnavailable`. */
export async function* gather(
  source: ResultSource,
  { ids, group }: Wanted,
  signal: AbortSignal,
): AsyncGenerator<ResultMeta, void> {
  const over = new AbortController();
  const inbox = openInbox<ResultMeta>();
  const pending = new Set(ids);
  const search = { source, pending, lots: [...pending], inbox, until: AbortSignal.any([signal, over.signal]) };
  let left = pending.size;
  if (left > 0) start(group, search);
  signal.addEventListener("abort", inbox.wake, { signal: over.signal });
  try {
    while (left > 0) {
      signal.throwIfAborted();
      for (const each of await inbox.take()) {
        left -= 1;
        yield each;
      }
    }
  } finally {
    over.abort();
  }
}

interface Search {
  readonly source: ResultSource;
  /** Ids of those that have not ended yet. */
  readonly pending: Set<string>;
  /** Those that are not waited for by their own channel yet. */
  readonly lots: string[];
  readonly inbox: Inbox<ResultMeta>;
  readonly until: AbortSignal;
}

function start(group: string | undefined, search: Search): void {
  run(search, async () => await (group === undefined ? apart(search) : together(group, search)));
}

/** Does something beside the rest; what goes wrong once all is over concerns nobody. */
function run({ inbox, until }: Search, look: () => Promise<void>): void {
  look().catch((error: unknown) => {
    if (!until.aborted) inbox.fail(error);
  });
}

/** Members of a group, as they are announced. */
async function together(group: string, search: Search): Promise<void> {
  const { source, until } = search;
  let isWaiting = false;
  for await (const meta of source.backend.watchGroup(group, until)) {
    if (meta !== undefined) take(search, meta);
    else await readAll(search);
    if (!isWaiting) run(search, async () => await waitForEach(search));
    isWaiting = true;
  }
}

/** Results that have nothing in common. */
async function apart(search: Search): Promise<void> {
  const { platform } = search.source;
  await readAll(search);
  for (let channel = 0; channel < mostChannels; channel += 1) run(search, async () => await waitForEach(search));
  for (let pause = firstPause; search.pending.size > 0; pause *= 2) {
    await platform.sleep(pause, search.until);
    await readAll(search);
  }
}

async function readAll(search: Search): Promise<void> {
  for (const part of partsOf([...search.pending])) {
    for (const meta of await search.source.backend.read(part)) take(search, meta);
  }
}

/** One after the other, drawn by lot: whatever the order in which they end, most have ended by then. */
async function waitForEach(search: Search): Promise<void> {
  const { source, until } = search;
  for (let id = draw(search); id !== undefined; id = draw(search)) take(search, await source.backend.wait(id, until));
}

function draw({ source, pending, lots }: Search): string | undefined {
  while (lots.length > 0) {
    const [last = ""] = lots.slice(-1);
    const at = Math.floor(source.platform.random() * lots.length);
    const drawn = lots[at] ?? last;
    lots[at] = last;
    lots.pop();
    if (pending.has(drawn)) return drawn;
  }
  return undefined;
}

function take({ pending, inbox }: Search, meta: ResultMeta | undefined): void {
  if (meta !== undefined && isReady(meta.status) && pending.delete(meta.task_id)) inbox.put(meta);
}
