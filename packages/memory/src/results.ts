/**
 * What readers see: results under task ids, and whoever waits for one.
 *
 * @module
 */

import type { Backend, ResultMeta } from "@umbel/protocol";
import { decodeResult, isReady } from "@umbel/protocol";
import { expiringMap } from "./expiring.ts";

/** The part of a backend that readers use, and the one way to write for them. */
export interface Results extends Pick<Backend, "read" | "wait" | "watch" | "forget"> {
  /** Keeps a result's text, if there is one, for so many seconds or for ever, and wakes whoever waits for it. */
  readonly write: (id: string, text: string | undefined, seconds: number | undefined) => void;
}

/** Creates an empty store of results. */
export function resultStore(now: () => number): Results {
  const texts = expiringMap<string>(now);
  const writes = new EventTarget();

  function readOne(id: string): ResultMeta | undefined {
    const text = texts.get(id);
    return text === undefined ? undefined : decodeResult(text);
  }

  function watch(id: string, signal: AbortSignal): ReadableStream<ResultMeta | undefined> {
    return statesOf(() => readOne(id), { writes, id, signal });
  }

  return {
    watch,

    write(id, text, seconds) {
      if (text === undefined) return;
      texts.set(id, text, seconds);
      writes.dispatchEvent(new Event(id));
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

    async forget(ids) {
      for (const id of ids) texts.delete(id);
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
  const over = new AbortController();

  return new ReadableStream({
    start(controller) {
      function end(): void {
        over.abort();
        controller.close();
      }
      function show(): void {
        const result = read();
        controller.enqueue(result);
        if (result && isReady(result.status)) end();
      }
      if (signal.aborted) return end();
      writes.addEventListener(id, show, { signal: over.signal });
      signal.addEventListener("abort", end, { signal: over.signal });
      show();
    },

    cancel() {
      over.abort();
    },
  });
}
