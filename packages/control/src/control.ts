/**
 * What an operator asks and tells, as methods.
 *
 * @module
 */

import type { TaskInfo } from "@umbel/protocol";
import type { Inspect, InspectOptions } from "./inspect.ts";
import type { DeadTask, Replayed, ReplayFilter, ReplayOptions } from "./replayed.ts";
import type { Replies } from "./reply.ts";
import type { Status } from "./status.ts";
import type { Whom } from "./whom.ts";

/** How calls are revoked. */
export interface RevokeCallsOptions {
  /** Also abort the signal of those that run. */
  readonly terminate?: boolean;
}

/** Stamps by name, with the values that are meant: a call that has any of them under its name is meant. */
export type StampedHeaders = Readonly<Record<string, unknown>>;

/** Limits of a task's attempts in seconds; null: none; absent: as declared. */
export interface LimitsToSet {
  readonly soft?: number | null | undefined;
  readonly hard?: number | null | undefined;
}

/** Which queues are meant. */
export interface QueueSelection {
  /** When absent, the application's: the default queue, those of its settings, tasks and workers. */
  readonly queues?: readonly string[];
}

/** A part of a listing. */
export interface PageRequest extends QueueSelection {
  /** Where the page before has ended. */
  readonly cursor?: string;
  /** Most of them in one answer; 100 when absent. */
  readonly limit?: number;
}

/** A page; without a cursor it is the last. It may have fewer than were asked for, and not be the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
  /** How many could not be read, and are left out. */
  readonly unread: number;
}

/** What tasks can be listed by: see {@link Inspect}. A scheduled one has its `eta`. */
export type ListedState = "active" | "reserved" | "scheduled";

/**
 * What an operator says. A change is kept in the store: it survives restarts, and reaches each worker with its next claim.
 * Replies are Celery's, of each worker that is online, else of `store@<app>`.
 */
export interface Control {
  /** Questions; all nodes are asked when nothing is said. */
  inspect(options?: InspectOptions): Inspect;
  ping(whom?: Whom): Promise<Replies>;
  /** How it stands: workers, counts, what is paused. Reads no task. */
  status(): Promise<Status>;

  /** None of these calls begins any more, and what waits for one that is not due yet is told. */
  revoke(ids: string | readonly string[], options?: RevokeCallsOptions): Promise<Replies>;
  /** The same, and the signal of those that run aborts. */
  terminate(ids: string | readonly string[]): Promise<Replies>;
  /** Revokes the calls that wait or run and have any of these stamps. Later ones are not revoked. */
  revokeByStampedHeaders(headers: StampedHeaders, options?: RevokeCallsOptions): Promise<Replies>;

  /** How many calls of a task are begun: `"10/m"`; 0 for no limit; null: as declared. */
  rateLimit(task: string, rate: string | number | null): Promise<Replies>;
  /** How long attempts of a task may take that begin from now on. Without any limit: as declared. */
  timeLimit(task: string, limits: LimitsToSet): Promise<Replies>;
  /** Workers send task events, whatever their settings say. */
  enableEvents(): Promise<Replies>;
  disableEvents(): Promise<Replies>;
  /** Messages of a queue are begun again. */
  addConsumer(queue: string): Promise<Replies>;
  /** No message of a queue is begun: they wait at the broker. */
  cancelConsumer(queue: string): Promise<Replies>;
  /** Workers begin nothing any more, and end what they have begun. All that are online, when nothing is said. */
  shutdown(whom?: Whom): Promise<Replies>;
  /** Takes a {@link shutdown} back. All that are drained, when nothing is said. */
  restart(whom?: Whom): Promise<Replies>;

  /** Deletes the messages that wait, due or not; returns how many. Nobody is told, as in Celery. */
  purge(selection?: QueueSelection): Promise<number>;
  /** How many that would be. */
  purgeCount(selection?: QueueSelection): Promise<number>;
  /** The queues that are meant where none is named. */
  queues(): Promise<readonly string[]>;

  /** Sends again what the broker has given up: a task by its id, tasks by theirs, or all that a filter fits. */
  replay(which: string | readonly string[] | ReplayFilter, options?: ReplayOptions): Promise<Replayed>;
  /** What the broker has given up. */
  deadLetters(filter?: ReplayFilter, request?: PageRequest): Promise<Page<DeadTask>>;
  /** Tasks, page by page. */
  tasks(state: ListedState, request?: PageRequest): Promise<Page<TaskInfo & { readonly eta?: string }>>;
  /** Ids of revoked tasks, page by page. */
  revoked(request?: PageRequest): Promise<Page<string>>;
}
