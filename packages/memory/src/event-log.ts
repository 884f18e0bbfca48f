/**
 * Events of the recent past, and whoever watches those to come.
 *
 * @module
 */

import { type EventLetter, ImproperlyConfigured, type KeptEvent, type MonitorStore } from "@umbel/protocol";
import { joinWatchers, liveStream } from "./live-stream.ts";

/** What is kept of events. */
export interface EventLog extends Pick<MonitorStore, "past" | "live"> {
  /** Keeps events, in this order, and shows them to whoever watches. */
  tell(letters?: readonly EventLetter[]): void;
  /** How many were ever kept. */
  count(): number;
}

/** What an event log needs. */
export interface EventLogOptions {
  readonly now: () => number;
  /** Most events that are kept; the oldest make room. */
  readonly eventsKept: number;
}

/** Creates one without events. */
export function eventLog({ now, eventsKept }: EventLogOptions): EventLog {
  const kept: KeptEvent[] = [];
  const watchers = new Set<(text: string) => void>();
  let count = 0;

  return {
    tell(letters = []) {
      for (const { text } of letters) {
        count += 1;
        kept.push({ id: placeOf(count), at: now(), text });
        for (const show of watchers) show(text);
      }
      if (kept.length > eventsKept) kept.splice(0, kept.length - eventsKept);
    },

    count: () => count,

    async past({ after = placeOf(0), since = -Infinity, newest = false, limit }) {
      if (!/^\d{16}$/.test(after)) throw new ImproperlyConfigured("memory: after is the id of no event");
      const found = kept.filter(({ id, at }) => id > after && at >= since);
      if (newest) return { events: found.slice(-limit), more: false };
      return { events: found.slice(0, limit), more: found.length > limit };
    },

    live: (signal) => liveTexts(watchers, signal),
  };
}

/** A text that is ordered as the numbers are. */
function placeOf(count: number): string {
  return String(count).padStart(16, "0");
}

/** Undefined, since from then on every event comes, and then each of them until the signal aborts. */
function liveTexts(watchers: Set<(text: string) => void>, signal: AbortSignal): ReadableStream<string | undefined> {
  return liveStream(signal, ({ show, over }) => {
    joinWatchers(watchers, show, over);
    show(undefined);
  });
}
