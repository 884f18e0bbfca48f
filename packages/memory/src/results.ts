/**
 * What readers see: results under task ids, and whoever waits for one.
 *
 * @module
 */

import type { Backend, ResultMeta } from "@umbel/protocol";
import { decodeResult, isReady } from "@umbel/protocol";
import { expiringMap } from "./expiring.ts";
import { joinWatchers, liveStream } from "./live-stream.ts";

/** The part of a backend that readers use, and the one way to write for them. */
export interface Results extends Pick<Backend, "read" | "wait" | "watch" | "watchGroup"> {
  /** Keeps a result's text, if there is one, for so many seconds or for ever, and wakes whoever waits for it. */
  readonly write: (id: string, text: string | undefined, seconds: number | undefined) => void;
  /** Deletes results. */
  readonly remove: (ids: readonly string[]) => void;
}

/** Creates an empty store of results. */
export function resultStore(now: () => number): Results {
  const texts = expiringMap<string>(now);
  const writes = new EventTarget();
  const groupReaders = new Set<(id: string) => void>();

  function readOne(id: string): ResultMeta | undefined {
    const text = texts.get(id);
    return text === undefined ? undefined : decodeResult(text);
  }

  function watch(id: string, signal: AbortSignal): ReadableStream<ResultMeta | undefined> {
    return statesOf(() => readOne(id), { writes, id, signal });
  }

  return {
    watch,

    watchGroup(group, signal) {
      return endsOf({ group, readers: groupReaders, readOne, signal });
    },

    write(id, text, seconds) {
      if (text === undefined) return;
      texts.set(id, text, seconds);
      writes.dispatchEvent(new Event(id));
      for (const tell of groupReaders) tell(id);
    },

    remove(ids) {
      for (const id of ids) texts.delete(id);
    },

    async read(ids) {
      return ids.map(readOne);
    },

    async wait(id, signal) {
      for await (const result of watch(id, signal)) {
        if (result && isReady(result.status)) return result;
      }
      return Promise.reject(signal.reason);
    },
  };
}

interface Watched {
  readonly writes: EventTarget;
  readonly id: string;
  readonly signal: AbortSignal;
}

/** What is read now, and again at each write, until it is ready or the signal aborts. */
function statesOf(
  read: () => ResultMeta | undefined,
  { writes, id, signal }: Watched,
): ReadableStream<ResultMeta | undefined> {
  return liveStream(signal, ({ show, end, over }) => {
    function showNow(): void {
      const result = read();
      show(result);
      if (result && isReady(result.status)) end();
    }
    writes.addEventListener(id, showNow, { signal: over });
    showNow();
  });
}

interface WatchedGroup {
  readonly group: string;
  /** Told of every write. */
  readonly readers: Set<(id: string) => void>;
  readonly readOne: (id: string) => ResultMeta | undefined;
  readonly signal: AbortSignal;
}

/** Undefined, since members may have ended before, and then each end of a member until the signal aborts. */
function endsOf({ group, readers, readOne, signal }: WatchedGroup): ReadableStream<ResultMeta | undefined> {
  return liveStream(signal, ({ show, over }) => {
    function showEnd(id: string): void {
      const result = readOne(id);
      if (result?.group_id === group && isReady(result.status)) show(result);
    }
    joinWatchers(readers, showEnd, over);
    show(undefined);
  });
}
