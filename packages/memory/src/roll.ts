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

/** Seconds for which it is counted what a worker has begun, without any sign of it: a day. */
const countLife = 86_400;

/** Creates it; nobody is online. */
export function openRoll(now: () => number): Roll {
  const online = expiringMap<string>(now);
  const begun = expiringMap<Map<string, number>>(now);

  /** What it has begun counts on when it was silent for a while. */
  function totalsOf(worker: string): Map<string, number> {
    const totals = begun.get(worker) ?? new Map<string, number>();
    begun.set(worker, totals, countLife);
    return totals;
  }

  return {
    see({ worker, text, life, ...letters }) {
      const isKnown = online.get(worker) !== undefined;
      online.set(worker, text, life);
      totalsOf(worker);
      return isKnown ? letters.heartbeat : letters.online;
    },

    begin({ worker, task }) {
      const totals = totalsOf(worker);
      totals.set(task, (totals.get(task) ?? 0) + 1);
    },

    async workers() {
      const seen = online.entries().map(({ key: name, value, until }) => ({ name, value, until }));
      return seen.toSorted(byName).map(({ name, value: text, until }) => {
        return { worker: name, text, until, totals: Object.fromEntries(begun.get(name) ?? []) };
      });
    },

    async leave(worker) {
      online.delete(worker);
      begun.delete(worker);
    },
  };
}
