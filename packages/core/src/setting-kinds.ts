/**
 * What each setting takes, so that what makes no sense is refused when it is set, and not when it is first needed.
 *
 * @module
 */

import { isRecord } from "./environment.ts";
import * as kinds from "./kinds.ts";
import { type Kind, orNull } from "./kinds.ts";
import type { Settings } from "./settings.ts";

/** Formats of messages. */
export const content: Kind = [isContent, `["json"]: nothing else is ever read`];

/** The same, or those of another setting. */
export const maybeContent: Kind = orNull(content);

/** How many lines a log gets. */
export const level: Kind = [
  (value) => ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"].some((each) => each === value),
  "DEBUG, INFO, WARNING, ERROR or CRITICAL",
];

/** How urgent what nobody has said it of is. */
export const maybePriority: Kind = orNull(kinds.priority);

/** How many calls are begun in how much time. */
export const maybeRate: Kind = orNull([
  (value) => typeof value === "string" || typeof value === "number" || isRecord(value),
  `"10/s", "100/m" or "1000/h", a number of calls each second, { rate, period, parallelism, key }`,
]);

const json: Kind = [(value) => value === "json", `"json": it is what every worker and reader can read`];

/** The one answer to whether instants are in UTC. */
export const inUtc: Kind = [(value) => value === true, "true: instants in messages are always in UTC"];
const zone: Kind = [isZone, `the name of a time zone, as "Europe/Oslo"`];
const routes: Kind = [isRecordOrFunction, "a list of routes, or one"];
const queues: Kind = [isRecords, "{ name: { priority, rateLimit, parallelism } }"];
const maybeDuration = orNull(kinds.duration, "null for none");
const maybeLimit = orNull(kinds.limit, "null for none");

/** What each setting takes; the type makes sure that none is forgotten. */
export const settingKinds: Readonly<Record<keyof Settings, Kind>> = {
  taskDefaultQueue: kinds.name,
  taskRoutes: routes,
  taskQueues: orNull(queues),
  taskCreateMissingQueues: kinds.boolean,
  taskDefaultPriority: maybePriority,
  taskDefaultRateLimit: maybeRate,
  taskInheritParentPriority: kinds.boolean,
  taskBase: [isRecordOrFunction, "options of tasks, or a list of them"],
  taskAnnotations: [isRecordOrFunction, "annotations, or a list of them"],
  strictTyping: kinds.boolean,
  taskAlwaysEager: kinds.boolean,
  taskEagerPropagates: kinds.boolean,
  taskStoreEagerResult: kinds.boolean,
  taskIgnoreResult: kinds.boolean,
  taskStoreErrorsEvenIfIgnored: kinds.boolean,
  taskTrackStarted: kinds.boolean,
  taskAcksLate: kinds.boolean,
  taskAcksOnFailure: kinds.boolean,
  taskAcksOnTimeout: kinds.boolean,
  taskRejectOnWorkerLost: kinds.boolean,
  taskMaxRequeues: kinds.times,
  taskTimeLimit: maybeLimit,
  taskSoftTimeLimit: maybeLimit,
  taskPublishRetry: kinds.boolean,
  taskPublishRetryPolicy: kinds.policy,
  taskSerializer: json,
  resultSerializer: json,
  acceptContent: content,
  resultAcceptContent: maybeContent,
  timezone: zone,
  enableUtc: inUtc,
  resultExpires: kinds.lifetime,
  resultExtended: kinds.boolean,
  resultTimeout: kinds.duration,
  workerSendTaskEvents: kinds.boolean,
  taskSendSentEvent: kinds.boolean,
  workerLease: kinds.duration,
  workerLogLevel: level,
  workerMaxBody: kinds.count,
  workerStorePatience: kinds.duration,
  beatSchedule: [isRecords, "{ name: { task, schedule } }"],
  beatCronStartingDeadline: maybeDuration,
  beatMaxLoopInterval: kinds.duration,
};

/** The settings by name. */
export const settingNames: readonly (keyof Settings)[] = Object.keys(settingKinds).filter(isSetting);

/** Whether there is a setting of this name. */
export function isSetting(name: string): name is keyof Settings {
  return Object.hasOwn(settingKinds, name);
}

function isContent(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((each) => each === "json" || each === "application/json");
}

function isRecords(value: unknown): boolean {
  return isRecord(value) && !Array.isArray(value) && Object.values(value).every((each) => isRecord(each));
}

function isZone(value: unknown): boolean {
  if (typeof value !== "string") return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function isRecordOrFunction(value: unknown): boolean {
  return isRecord(value) || typeof value === "function";
}
