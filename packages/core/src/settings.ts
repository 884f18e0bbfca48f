/**
 * The settings of an application: Celery's names in camelCase, and a few of our own.
 *
 * @module
 */

import type { Duration } from "@umbel/protocol";
import type { Annotations } from "./annotations.ts";
import type { TaskBases } from "./base.ts";
import type { PeriodicEntry } from "./periodic-entry.ts";
import type { PublishRetryPolicy } from "./publish-retry.ts";
import type { QueueOptions } from "./queues.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Route } from "./route.ts";

/** How much a log shows: each level includes those after it. */
export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

/** Settings of an application. Durations are seconds, or texts such as `"10m"`. */
export interface Settings {
  /** Queue of a task that no route, option or call sends elsewhere. */
  readonly taskDefaultQueue: string;
  /** First match wins; see {@link Route}. */
  readonly taskRoutes: Route;
  /** What is known of queues, by name; where it matters which there are, see `taskCreateMissingQueues`. */
  readonly taskQueues: Readonly<Record<string, QueueOptions>> | null;
  /** Whether a call may go to a queue that `taskQueues` does not name. */
  readonly taskCreateMissingQueues: boolean;
  /** Priority of a call that no option, route or queue gives one, 0 to 9. */
  readonly taskDefaultPriority: number | null;
  /** How many calls of a task are begun, where nothing else is said of it. */
  readonly taskDefaultRateLimit: RateLimit;
  /** A call inside a task has the task's priority, unless something else gives it one. */
  readonly taskInheritParentPriority: boolean;
  /** Options that all tasks share; a task's own win. */
  readonly taskBase: TaskBases;
  /** Options of tasks by name, by globs or by a function; they win over the tasks' own. */
  readonly taskAnnotations: Annotations;
  /** Arguments are counted where they are sent, and where they are used. */
  readonly strictTyping: boolean;
  /** Calls run in this process, before `delay()` returns: for tests. */
  readonly taskAlwaysEager: boolean;
  /** A call that runs in this process throws what its task throws. */
  readonly taskEagerPropagates: boolean;
  /** Calls that run in this process store their ends in the backend as well. */
  readonly taskStoreEagerResult: boolean;
  /** Keep no results. */
  readonly taskIgnoreResult: boolean;
  /** Keep failures although results are ignored. */
  readonly taskStoreErrorsEvenIfIgnored: boolean;
  /** Store STARTED when an attempt begins. */
  readonly taskTrackStarted: boolean;
  /** Acknowledge a message once its task's end is stored; false: before it runs. */
  readonly taskAcksLate: boolean;
  /** False: messages of failed tasks are kept among the broker's dead letters. */
  readonly taskAcksOnFailure: boolean;
  /** False: an attempt that exceeds its hard limit is delivered again. */
  readonly taskAcksOnTimeout: boolean;
  /** False: an attempt whose worker died fails, and is not run again. */
  readonly taskRejectOnWorkerLost: boolean;
  /** How often an attempt is put back into its queue before it is rejected for good; null: without end. */
  readonly taskMaxRequeues: number | null;
  /** Hard limit for each attempt; null: none. */
  readonly taskTimeLimit: Duration | null;
  /** Soft limit for each attempt: `task.signal` aborts; null: none. */
  readonly taskSoftTimeLimit: Duration | null;
  /** Whether a publish call that was refused for now is repeated at once. */
  readonly taskPublishRetry: boolean;
  /** How often, and after what pauses. */
  readonly taskPublishRetryPolicy: PublishRetryPolicy;
  /** How arguments are written. JSON is what everybody can read. */
  readonly taskSerializer: "json";
  /** How results are written. */
  readonly resultSerializer: "json";
  /** Contents that a worker takes: `json`, or its media type. */
  readonly acceptContent: readonly string[];
  /** The same for results; null: as `acceptContent`. */
  readonly resultAcceptContent: readonly string[] | null;
  /** Zone of schedules by the calendar that name none, as `Europe/Oslo`. */
  readonly timezone: string;
  /** Instants in messages are in UTC. */
  readonly enableUtc: true;
  /** How long results stay; null: for ever. */
  readonly resultExpires: Duration | null;
  /** Also store name, arguments, worker, retries and queue with each result. */
  readonly resultExtended: boolean;
  /** How long `get()` waits when the call does not say. */
  readonly resultTimeout: Duration;
  /** Workers tell whoever watches of their tasks. */
  readonly workerSendTaskEvents: boolean;
  /** Whoever sends a call tells whoever watches. */
  readonly taskSendSentEvent: boolean;
  /** How long a worker holds an attempt before it must renew it. */
  readonly workerLease: Duration;
  /** What is logged. */
  readonly workerLogLevel: LogLevel;
  /** Largest push that a worker reads, in bytes. */
  readonly workerMaxBody: number;
  /** For how long a worker goes on trying to store an outcome while the store cannot be reached. */
  readonly workerStorePatience: Duration;
  /** Calls that beat sends again and again, by name. */
  readonly beatSchedule: Readonly<Record<string, PeriodicEntry>>;
  /** How old a missed run may be that beat still sends, where its entry does not say; null: as old as it is. */
  readonly beatCronStartingDeadline: Duration | null;
  /** How long a loop that ticks beat sleeps at most; 0: as long as the loop sees fit. */
  readonly beatMaxLoopInterval: Duration;
}

/** What holds when nothing is set. */
export const defaultSettings: Settings = {
  taskDefaultQueue: "default",
  taskRoutes: [],
  taskQueues: null,
  taskCreateMissingQueues: true,
  taskDefaultPriority: null,
  taskDefaultRateLimit: null,
  taskInheritParentPriority: false,
  taskBase: {},
  taskAnnotations: [],
  strictTyping: true,
  taskAlwaysEager: false,
  taskEagerPropagates: false,
  taskStoreEagerResult: false,
  taskIgnoreResult: false,
  taskStoreErrorsEvenIfIgnored: false,
  taskTrackStarted: false,
  taskAcksLate: true,
  taskAcksOnFailure: true,
  taskAcksOnTimeout: true,
  taskRejectOnWorkerLost: true,
  taskMaxRequeues: 30,
  taskTimeLimit: null,
  taskSoftTimeLimit: null,
  taskPublishRetry: true,
  taskPublishRetryPolicy: {},
  taskSerializer: "json",
  resultSerializer: "json",
  acceptContent: ["json"],
  resultAcceptContent: null,
  timezone: "UTC",
  enableUtc: true,
  resultExpires: 86_400,
  resultExtended: false,
  resultTimeout: 30,
  workerSendTaskEvents: false,
  taskSendSentEvent: false,
  workerLease: 60,
  workerLogLevel: "INFO",
  workerMaxBody: 10_485_760,
  workerStorePatience: "5m",
  beatSchedule: {},
  beatCronStartingDeadline: null,
  beatMaxLoopInterval: 0,
};
