/**
 * The port to what operators look at and change: events, workers, what is held, what was revoked, and directives.
 *
 * It stands beside a backend, which is told all of it in its own calls. Each call is one round trip, and throws
 * `BackendUnavailable` when the store cannot be reached. Instants are milliseconds since 1970 by the store's clock.
 *
 * @module
 */

import type { KeptDirectives } from "./directives.ts";
import type { RecordState } from "./state.ts";

/** An event as it was kept. */
export interface KeptEvent {
  /** Its place: later events have greater ones, as the store compares them. */
  readonly id: string;
  /** When the store got it. */
  readonly at: number;
  /** Its envelope, as it was published. */
  readonly text: string;
}

/** Which kept events are wanted, the oldest of them first. */
export interface PastRequest {
  /** Only those behind this place: the `id` of an event. What can be no event's is refused, with `ImproperlyConfigured`. */
  readonly after?: string;
  /** Only those from this instant on. */
  readonly since?: number;
  /** True: when there are more than the limit, the last of them, and nothing is behind those. So one finds where it all ends. */
  readonly newest?: boolean;
  /** Most of them. */
  readonly limit: number;
}

/** Kept events; `more`: there are others behind them. */
export interface PastEvents {
  readonly events: readonly KeptEvent[];
  readonly more: boolean;
}

/** A worker that is online. */
export interface SeenWorker {
  readonly worker: string;
  /** What it last said of itself, as JSON. */
  readonly text: string;
  /** Until when it counts as online. */
  readonly until: number;
  /** How many it has begun of each task, until it leaves or a day goes by without a sign of it. */
  readonly totals: Readonly<Record<string, number>>;
}

/** A part of what could be much. */
export interface ListingRequest {
  /** Where the page before has ended. */
  readonly cursor?: string;
  /** Most of them in one answer. */
  readonly limit: number;
}

/** A page; without a cursor it is the last. It may have fewer than were asked for, or none, and not be the last. */
export interface Listing<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
}

/** A task that is held under a live lease. */
export interface ActiveTask {
  readonly id: string;
  /** What its claim told of it, as JSON; absent where it told nothing. */
  readonly about?: string;
  /** When its attempt began; absent while it has not. */
  readonly startedAt?: number;
  readonly leaseUntil: number;
}

/** What a store knows of a task's deliveries. */
export interface TaskRecordView {
  readonly id: string;
  readonly about?: string;
  readonly startedAt?: number;
  /** Absent for a task that nobody has claimed. */
  readonly leaseUntil?: number;
  /** How its last attempt ended; absent while that runs. */
  readonly state?: RecordState;
  /** An operator's wish. */
  readonly mark?: "revoked" | "terminated";
}

/** Numbers for whoever only wants to know how it stands. */
export interface StoreCounts {
  readonly workers: number;
  readonly active: number;
  readonly revoked: number;
  /** Events that were ever kept: a clock that all share. */
  readonly events: number;
}

/** A change of the directives. */
export interface DirectivesChange {
  /** The revision that it was made from; empty where none were. Another's change in between: nothing is changed. */
  readonly from: string;
  /** The directives from now on. */
  readonly text: string;
  /** Queues and workers that are refused claims from now on: all of them. */
  readonly paused: readonly string[];
  readonly drained: readonly string[];
}

/** What operators ask of a store. */
export interface MonitorStore {
  readonly name: string;
  /** Events of the recent past. */
  past(request: PastRequest): Promise<PastEvents>;
  /**
   * Yields undefined once every event from now on will come, and whenever some may have been missed (whoever must not miss
   * any reads the past then), and each event's text as it is published, whoever has: a Python worker's too. Ends quietly
   * when the signal aborts. Where a store cannot be subscribed to it yields undefined at times.
   */
  live(signal: AbortSignal): AsyncIterable<string | undefined>;
  /** Workers that are online, by name: all of them. One round trip more for each megabyte that they say of themselves. */
  workers(): Promise<readonly SeenWorker[]>;
  /** Tasks that are held under a live lease: in the order of their leases' ends. */
  active(request: ListingRequest): Promise<Listing<ActiveTask>>;
  /** What is known of these tasks; unknown ones are left out. */
  records(ids: readonly string[]): Promise<readonly TaskRecordView[]>;
  /** Ids of tasks that were revoked and whose mark still stands: in the order of the marks' ends. */
  revoked(request: ListingRequest): Promise<Listing<string>>;
  counts(): Promise<StoreCounts>;
  /** The directives; undefined while nobody has asked for anything. */
  directives(): Promise<KeptDirectives | undefined>;
  /**
   * Changes them; undefined when another has changed them since `from`. The same change once more, as after a lost answer, changes
   * nothing and has the same answer, unless another has come in between.
   */
  direct(change: DirectivesChange): Promise<KeptDirectives | undefined>;
  /** A worker stops: it is offline from now on. */
  leave(worker: string): Promise<void>;
}
