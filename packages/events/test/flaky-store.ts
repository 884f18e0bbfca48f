/**
 * A place for events that a test plays with: what is published is kept or not, subscriptions break off, and readings fail.
 *
 * @module
 */

import { BackendUnavailable, type KeptEvent, type PastRequest } from "@umbel/protocol";
import type { EventStore } from "../src/index.ts";

/** The store, and the hand that plays with it. */
export interface FlakyStore extends EventStore {
  /** What is not kept came from somebody else, a Python worker say. */
  publish(text: string, options?: { readonly isKept?: boolean }): void;
  /** Whoever is subscribed has to subscribe anew, and misses what is still on its way. */
  breakOff(): void;
  /** Cannot be reached, or can be again. */
  fail(isDown: boolean): void;
  /** Readings of the past so far. */
  readonly readings: readonly PastRequest[];
}

/** When the first event is kept, in milliseconds; each later one a second after. */
export const firstAt = 1_795_000_000_000;

/** Creates a store whose pages have so many events at most. */
export function flakyStore({ page = Infinity }: { readonly page?: number } = {}): FlakyStore {
  const kept: KeptEvent[] = [];
  const readings: PastRequest[] = [];
  const lines = new Set<Line>();
  let isDown = false;

  return {
    readings,
    publish(text, { isKept = true } = {}) {
      const count = kept.length;
      if (isKept) kept.push({ id: String(count).padStart(6, "0"), at: firstAt + count * 1000, text });
      for (const line of lines) line.put(text);
    },

    breakOff() {
      for (const line of lines) line.cut();
      lines.clear();
    },

    fail(now) {
      isDown = now;
    },

    async past(request) {
      readings.push(request);
      if (isDown) throw new BackendUnavailable("flaky: nobody there");
      const { after = "", since = 0, newest = false, limit } = request;
      const found = kept.filter(({ id, at }) => id > after && at >= since);
      if (newest) return { events: found.slice(-limit), more: false };
      const events = found.slice(0, Math.min(limit, page));
      return { events, more: found.length > events.length };
    },

    async *live(signal) {
      while (!signal.aborted) {
        const line = new Line(signal);
        lines.add(line);
        yield undefined;
        yield* line;
      }
    },
  };
}

/** A subscription. */
class Line implements AsyncIterable<string> {
  readonly #texts: string[] = [];
  readonly #over = new AbortController();
  #wake: () => void = () => undefined;

  constructor(signal: AbortSignal) {
    signal.addEventListener("abort", () => this.cut(), { signal: this.#over.signal });
  }

  put(text: string): void {
    this.#texts.push(text);
    this.#wake();
  }

  /** What is still on its way is lost. */
  cut(): void {
    this.#texts.length = 0;
    this.#over.abort();
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void> {
    for (;;) {
      const text = this.#texts.shift();
      if (text !== undefined) yield text;
      else if (this.#over.signal.aborted) return;
      else await new Promise<void>((resolve) => void (this.#wake = resolve));
    }
  }
}
