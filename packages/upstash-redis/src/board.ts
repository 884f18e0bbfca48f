/**
 * Where a store keeps what operators look at: events, workers, what is held, what was revoked, and directives.
 *
 * Each is one key for all tasks, so a script that touches it touches another slot than the task's. A Redis Cluster refuses
 * that: there all of this is left out, and only publishing stays, for a channel has no slot (ADR 22).
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { Keys } from "./keys.ts";

/** Keys of what operators look at. */
export interface BoardKeys {
  /** A stream of the recent past. */
  readonly events: string;
  /** How many events were ever kept. */
  readonly told: string;
  /** Records of tasks that are held, by the end of their leases. */
  readonly active: string;
  /** Records of tasks that were revoked, by the end of their marks. */
  readonly revoked: string;
  /** Names of workers, by until when they are online. */
  readonly workers: string;
  /** What the worker of a name has said of itself; the name follows. */
  readonly worker: string;
  /** What it has begun, by task; the name follows. */
  readonly totals: string;
  /** What operators have asked for, and the queues and workers of which nothing is begun. */
  readonly directives: string;
}

/** Where it is told, and kept. */
export interface Board {
  /** The prefix of channels. */
  readonly prefix: string;
  /** Most events of the past, roughly. */
  readonly kept: string;
  /** Undefined in a cluster. */
  readonly keys: BoardKeys | undefined;
}

/** How it is kept. */
export interface BoardOptions {
  readonly eventsKept: number;
  readonly cluster: boolean;
}

/** Lays it out beside the tasks' keys. Throws `ImproperlyConfigured` for a number of events that is none. */
export function boardBeside(keys: Keys, { eventsKept, cluster }: BoardOptions): Board {
  if (!Number.isInteger(eventsKept) || eventsKept < 0) {
    throw new ImproperlyConfigured(`upstash(): eventsKept is ${eventsKept}: a whole number is expected, or 0`);
  }
  return { prefix: keys.prefix, kept: String(eventsKept), keys: cluster ? undefined : boardKeys(keys) };
}

function boardKeys(keys: Keys): BoardKeys {
  const text = (name: string): string => keys.text(name);
  return {
    events: text("events"),
    told: text("told"),
    active: text("active"),
    revoked: text("revoked"),
    workers: text("workers"),
    worker: text("worker:"),
    totals: text("totals:"),
    directives: text("directives"),
  };
}
