/**
 * The settings of an application: Celery's names in camelCase, and a few of our own.
 *
 * @module
 */

import { ImproperlyConfigured, type Duration, secondsOf } from "@umbel/protocol";
import { checkNames } from "./known-names.ts";
import type { Route } from "./route.ts";

/** How much a log shows: each level includes those after it. */
export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

/** Settings of an application. Durations are seconds, or texts such as `"10m"`. */
export interface Settings {
  /** Queue of a task that no route, option or call sends elsewhere. */
  readonly taskDefaultQueue: string;
  /** First match wins; see {@link Route}. */
  readonly taskRoutes: readonly Route[];
  /** Keep no results. */
  readonly taskIgnoreResult: boolean;
  /** Keep failures although results are ignored. */
  readonly taskStoreErrorsEvenIfIgnored: boolean;
  /** Store STARTED when an attempt begins. */
  readonly taskTrackStarted: boolean;
  /** Hard limit for each attempt. */
  readonly taskTimeLimit: Duration | null;
  /** Soft limit for each attempt: `task.signal` aborts. */
  readonly taskSoftTimeLimit: Duration | null;
  /** How often a refused or failed publish call is repeated at once. */
  readonly taskPublishRetries: number;
  /** How long results stay; null: for ever. */
  readonly resultExpires: Duration | null;
  /** Also store name, arguments, worker, retries and queue with each result. */
  readonly resultExtended: boolean;
  /** How long `get()` waits when the call does not say. */
  readonly resultTimeout: Duration;
  /** How long a worker holds an attempt before it must renew it. */
  readonly workerLease: Duration;
  /** What is logged. */
  readonly workerLogLevel: LogLevel;
  /** Largest push that a worker reads, in bytes. */
  readonly workerMaxBody: number;
  /** For how long a worker goes on trying to store an outcome while the store cannot be reached. */
  readonly workerStorePatience: Duration;
}

/** What holds when nothing is set. */
const defaultSettings: Settings = {
  taskDefaultQueue: "default",
  taskRoutes: [],
  taskIgnoreResult: false,
  taskStoreErrorsEvenIfIgnored: false,
  taskTrackStarted: false,
  taskTimeLimit: null,
  taskSoftTimeLimit: null,
  taskPublishRetries: 3,
  resultExpires: 86_400,
  resultExtended: false,
  resultTimeout: 30,
  workerLease: 60,
  workerLogLevel: "INFO",
  workerMaxBody: 10_485_760,
  workerStorePatience: "5m",
};

const names = Object.keys(defaultSettings);

/** Settings that can be read as properties, and changed together. */
export interface Configuration extends Settings {
  /** Changes settings. Throws `ImproperlyConfigured` for a name that is not one, with the nearest that is. */
  update(changes: Partial<Settings>): void;
}

/** Makes a configuration from the defaults and what the application sets; `others` are what it is made with besides. */
export function configuration(initial: Partial<Settings>, others: readonly string[] = []): Configuration {
  const conf = { ...defaultSettings, update };
  checkNames(initial, [...names, ...others], "setting");
  update(initial);
  return conf;

  function update(changes: Partial<Settings>): void {
    checkNames(changes, names, "setting");
    checkDurations({ ...conf, ...changes });
    Object.assign(conf, changes);
  }
}

const durations = [
  "taskTimeLimit",
  "taskSoftTimeLimit",
  "resultExpires",
  "resultTimeout",
  "workerLease",
  "workerStorePatience",
] as const;

function checkDurations(settings: Settings): void {
  const { taskTimeLimit, taskSoftTimeLimit } = settings;
  for (const name of durations) secondsOf(settings[name] ?? 0);
  if (taskTimeLimit === null || taskSoftTimeLimit === null) return;
  if (secondsOf(taskSoftTimeLimit) <= secondsOf(taskTimeLimit)) return;
  throw new ImproperlyConfigured("taskSoftTimeLimit is longer than taskTimeLimit: the soft limit must come first");
}
