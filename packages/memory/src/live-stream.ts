/**
 * What somebody follows, as it comes, until they have had enough.
 *
 * @module
 */

/** The inside of a stream that somebody follows. */
export interface LiveStream<Item> {
  readonly show: (item: Item) => void;
  /** Ends the stream: there is nothing more to come. */
  readonly end: () => void;
  /** Aborts when the stream has ended, whoever has ended it. */
  readonly over: AbortSignal;
}

/** A stream that ends when the signal aborts, at once where it has: then nothing begins. */
export function liveStream<Item>(signal: AbortSignal, begin: (stream: LiveStream<Item>) => void): ReadableStream<Item> {
  const over = new AbortController();

  return new ReadableStream({
    start(controller) {
      function end(): void {
        over.abort();
        controller.close();
      }
      if (signal.aborted) return end();
      signal.addEventListener("abort", end, { signal: over.signal });
      begin({ show: (item) => controller.enqueue(item), end, over: over.signal });
    },

    cancel() {
      over.abort();
    },
  });
}

/** Adds somebody to those who are told, for as long as a stream goes on. */
export function joinWatchers<Watcher>(watchers: Set<Watcher>, watcher: Watcher, over: AbortSignal): void {
  watchers.add(watcher);
  over.addEventListener("abort", () => watchers.delete(watcher));
}
