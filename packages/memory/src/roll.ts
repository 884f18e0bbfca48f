/**
 * The workers that are online, and what they have begun.
 *
 * @module
 */

import type { ClaimNotes, EventLetter, MonitorStore, Sighting } from "@umbel/protocol";
import { expiringMap } from "./expiring.ts";
import { byName } from "./name-order.ts";

/** What is known of workers. */
export interface Roll extends Pick<MonitorStore, "workers" | "leave"> {
  /** Counts a worker as online; returns what is to be told of that. */
  see(sighting: Sighting): EventLetter | undefined;
  /** Counts a task that a worker has begun. */
  begin(notes: Pick<ClaimNotes, "worker" | "task">): void;
}

/** Creates it; nobody is online. */
export function openRoll(now: () => number): Roll {
  const online = expiringMap<{ readonly text: string; readonly totals: Map<string, number> }>(now);

  return {
    see({ worker, text, life, ...letters }) {
      const known = online.get(worker);
      online.set(worker, { text, totals: known?.totals ?? new Map() }, life);
      return known ? letters.heartbeat : letters.online;
    },

    begin({ worker, task }) {
      const totals = online.get(worker)?.totals;
      totals?.set(task, (totals.get(task) ?? 0) + 1);
    },

    async workers() {
      const seen = online.entries().map(({ key: name, value, until }) => ({ name, value, until }));
      return seen.toSorted(byName).map(({ name, value: { text, totals }, until }) => {
        return { worker: name, text, until, totals: Object.fromEntries(totals) };
      });
    },

    async leave(worker) {
      online.delete(worker);
    },
  };
}
