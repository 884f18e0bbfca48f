/**
 * What each setting takes, so that what makes no sense is refused when it is set, and not when it is first needed.
 *
 * @module
 */

import { ImproperlyConfigured, type Duration, secondsOf } from "@umbel/protocol";
import { isPriority } from "./place.ts";
import { isRecord } from "./environment.ts";
import type { Settings } from "./settings.ts";

/** What a setting takes, in one word; those that end in a question mark take null as well. */
export type SettingKind =
  | "boolean"
  | "count"
  | "content"
  | "content?"
  | "duration"
  | "duration?"
  | "json"
  | "level"
  | "name"
  | "policy"
  | "priority?"
  | "queues?"
  | "routes"
  | "times?"
  | "true"
  | "zone";

/** What each setting takes; the type makes sure that none is forgotten. */
export const settingKinds: Readonly<Record<keyof Settings, SettingKind>> = {
  taskDefaultQueue: "name",
  taskRoutes: "routes",
  taskQueues: "queues?",
  taskCreateMissingQueues: "boolean",
  taskDefaultPriority: "priority?",
  taskInheritParentPriority: "boolean",
  taskAlwaysEager: "boolean",
  taskEagerPropagates: "boolean",
  taskStoreEagerResult: "boolean",
  taskIgnoreResult: "boolean",
  taskStoreErrorsEvenIfIgnored: "boolean",
  taskTrackStarted: "boolean",
  taskAcksLate: "boolean",
  taskAcksOnFailure: "boolean",
  taskAcksOnTimeout: "boolean",
  taskRejectOnWorkerLost: "boolean",
  taskMaxRequeues: "times?",
  taskTimeLimit: "duration?",
  taskSoftTimeLimit: "duration?",
  taskPublishRetry: "boolean",
  taskPublishRetryPolicy: "policy",
  taskSerializer: "json",
  resultSerializer: "json",
  acceptContent: "content",
  resultAcceptContent: "content?",
  timezone: "zone",
  enableUtc: "true",
  resultExpires: "duration?",
  resultExtended: "boolean",
  resultTimeout: "duration",
  workerLease: "duration",
  workerLogLevel: "level",
  workerMaxBody: "count",
  workerStorePatience: "duration",
};

/** The settings by name. */
export const settingNames: readonly (keyof Settings)[] = Object.keys(settingKinds).filter(isSetting);

/** Whether there is a setting of this name. */
export function isSetting(name: string): name is keyof Settings {
  return Object.hasOwn(settingKinds, name);
}

type Take = readonly [is: (value: unknown) => boolean, takes: string];

const content: Take = [isContent, `["json"]: nothing else is ever read`];
const json: Take = [(value) => value === "json", `"json": it is what every worker and reader can read`];

const takes: Readonly<Record<SettingKind, Take>> = {
  boolean: [(value) => typeof value === "boolean", "true or false"],
  count: [(value) => Number.isInteger(value) && Number(value) > 0, "a whole number above 0"],
  content,
  "content?": content,
  duration: [isDuration, `seconds, or a text such as "1h30m"`],
  "duration?": [isDuration, `seconds, or a text such as "1h30m", or null for none`],
  json,
  level: [(value) => levels.has(value), `DEBUG, INFO, WARNING, ERROR or CRITICAL`],
  name: [(value) => typeof value === "string" && value !== "", "a name"],
  policy: [isRecord, "{ maxRetries, intervalStart, intervalStep, intervalMax }"],
  "priority?": [isPriority, "a whole number from 0 to 9, or null"],
  "queues?": [isQueues, "{ name: { priority } }, or null"],
  routes: [Array.isArray, "a list of routes"],
  "times?": [(value) => Number.isInteger(value) && Number(value) >= 0, "a whole number, or null for no end"],
  true: [(value) => value === true, "true: instants in messages are always in UTC"],
  zone: [isZone, `the name of a time zone, as "Europe/Oslo"`],
};

const levels: ReadonlySet<unknown> = new Set(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]);

/** Throws `ImproperlyConfigured` for a value that the setting cannot have. */
export function checkSetting(name: keyof Settings, value: unknown): void {
  const kind = settingKinds[name];
  if (value === null && kind.endsWith("?")) return;
  const [is, what] = takes[kind];
  if (is(value)) return;
  const isUnread = kind.startsWith("duration") ? " is not a duration" : "";
  throw new ImproperlyConfigured(`${name} is ${shown(value)}${isUnread}: give ${what}`);
}

function shown(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return JSON.stringify(value) ?? `a ${typeof value}`;
}

function isDuration(value: unknown): value is Duration {
  if (typeof value !== "number" && typeof value !== "string") return false;
  try {
    return secondsOf(value) >= 0;
  } catch {
    return false;
  }
}

function isContent(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((each) => each === "json" || each === "application/json");
}

function isQueues(value: unknown): boolean {
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
