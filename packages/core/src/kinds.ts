/**
 * What settings and options take, so that what makes no sense is refused where it is given, and not when it is first needed.
 *
 * The compiler sees most of it as well, but Bun, Deno and Node run what it has not checked, and variables are texts.
 *
 * @module
 */

import { ImproperlyConfigured, longestId, secondsOf } from "@umbel/protocol";
import { isRecord } from "./environment.ts";

/** What something takes, in one word; those that end in a question mark take null as well. */
export type Kind =
  | "annotations"
  | "base"
  | "boolean"
  | "count"
  | "content"
  | "content?"
  | "date"
  | "duration"
  | "duration?"
  | "expiry"
  | "id"
  | "json"
  | "level"
  | "limit"
  | "name"
  | "policy"
  | "priority"
  | "priority?"
  | "queues?"
  | "rate?"
  | "record"
  | "routes"
  | "text"
  | "times?"
  | "true"
  | "zone";

type Take = readonly [is: (value: unknown) => boolean, takes: string];

const content: Take = [isContent, `["json"]: nothing else is ever read`];
const json: Take = [(value) => value === "json", `"json": it is what every worker and reader can read`];

const takes: Readonly<Record<Kind, Take>> = {
  annotations: [isRecordOrFunction, "annotations, or a list of them"],
  base: [isRecordOrFunction, "options of tasks, or a list of them"],
  boolean: [(value) => typeof value === "boolean", "true or false"],
  count: [(value) => Number.isInteger(value) && Number(value) > 0, "a whole number above 0"],
  content,
  "content?": content,
  duration: [isDuration, `seconds from 0 on, or a text such as "1h30m"`],
  "duration?": [isDuration, `seconds from 0 on, or a text such as "1h30m", or null for none`],
  json,
  date: [isDate, "a Date that there is"],
  expiry: [(value) => isDate(value) || isDuration(value), `seconds from 0 on, a text such as "1h30m", or a Date`],
  id: [(value) => isText(value) && value !== "" && value.length <= longestId, `a text of 1 to ${longestId} characters`],
  level: [(value) => levels.has(value), `DEBUG, INFO, WARNING, ERROR or CRITICAL`],
  limit: [(value) => seconds(value) > 0, `seconds above 0, or a text such as "1h30m"`],
  name: [(value) => isText(value) && value !== "", "a name"],
  policy: [isRecord, "{ maxRetries, intervalStart, intervalStep, intervalMax }"],
  priority: [isPriority, "a whole number from 0 to 9"],
  "priority?": [isPriority, "a whole number from 0 to 9, or null"],
  "queues?": [isQueues, "{ name: { priority, rateLimit, parallelism } }, or null"],
  "rate?": [
    isRate,
    `"10/s", "100/m" or "1000/h", a number of calls each second, { rate, period, parallelism, key }, or null`,
  ],
  record: [(value) => isRecord(value) && !Array.isArray(value), "a record"],
  routes: [isRecordOrFunction, "a list of routes, or one"],
  text: [isText, "a text"],
  "times?": [(value) => Number.isInteger(value) && Number(value) >= 0, "a whole number, or null for no end"],
  true: [(value) => value === true, "true: instants in messages are always in UTC"],
  zone: [isZone, `the name of a time zone, as "Europe/Oslo"`],
};

const levels: ReadonlySet<unknown> = new Set(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]);

/**
 * Throws `ImproperlyConfigured` when something cannot have this value; its sentence has the name, the value, and what is
 * taken.
 */
export function checkKind(name: string, kind: Kind, value: unknown): void {
  if (value === null && kind.endsWith("?")) return;
  const [is, what] = takes[kind];
  if (is(value)) return;
  const isUnread = kind.startsWith("duration") && Number.isNaN(seconds(value)) ? " is not a duration" : "";
  throw new ImproperlyConfigured(`${name} is ${shown(value)}${isUnread}: give ${what}`);
}

function shown(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return JSON.stringify(value) ?? `a ${typeof value}`;
}

/** NaN for what is no duration. */
function seconds(value: unknown): number {
  if (typeof value !== "number" && typeof value !== "string") return Number.NaN;
  try {
    return secondsOf(value);
  } catch {
    return Number.NaN;
  }
}

function isDuration(value: unknown): boolean {
  return seconds(value) >= 0;
}

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

function isContent(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((each) => each === "json" || each === "application/json");
}

function isQueues(value: unknown): boolean {
  return isRecord(value) && !Array.isArray(value) && Object.values(value).every((each) => isRecord(each));
}

function isRate(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || isRecord(value);
}

function isZone(value: unknown): boolean {
  if (typeof value !== "string") return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isPriority(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 9;
}

function isRecordOrFunction(value: unknown): boolean {
  return isRecord(value) || typeof value === "function";
}
