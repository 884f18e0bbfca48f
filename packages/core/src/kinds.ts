/**
 * What settings and options take, so that what makes no sense is refused where it is given, and not when it is first needed.
 *
 * The compiler sees most of it as well, but Bun, Deno and Node run what it has not checked, and variables are texts.
 *
 * @module
 */

import { ImproperlyConfigured, longestId, secondsOf, unitHint } from "@umbel/protocol";
import { isRecord } from "./environment.ts";
import { checkNames } from "./known-names.ts";
import { shownValue } from "./shown-value.ts";

/** What something takes: whether a value is it, the words for it, and what else there is to say of a value that is not. */
export type Kind = readonly [is: (value: unknown) => boolean, words: string, hint?: (value: unknown) => string];

/** What each of some options takes; null: that is looked at by itself. The type makes sure that none is forgotten. */
export type KindsOf<Options> = Readonly<Record<keyof Options, Kind | null>>;

/** What options are called in an error: one of them, and whose they are. */
export interface Naming {
  /** `option of a call`, say. */
  readonly one: string;
  /** What comes behind the name of one: ` of the task "shop.add"`, say. */
  readonly of?: string;
}

/**
 * Throws `ImproperlyConfigured` for a name that is not among the kinds, and for a value that its option does not take.
 * Undefined is one that is not given.
 */
export function checkOptions(given: object, kinds: KindsOf<Readonly<Record<string, unknown>>>, naming: Naming): void {
  checkNames(given, Object.keys(kinds), naming.one);
  checkValues(given, kinds, naming.of);
}

/** The same where names have been looked at before. */
export function checkValues(given: object, kinds: KindsOf<Readonly<Record<string, unknown>>>, of = ""): void {
  for (const [name, value] of Object.entries(given)) {
    const kind = kinds[name] ?? null;
    if (kind !== null && value !== undefined) checkKind(`${name}${of}`, kind, value);
  }
}

/**
 * Throws `ImproperlyConfigured` when something cannot have this value; its sentence has the name, the value, and what is
 * taken.
 */
export function checkKind(name: string, [is, words, hint]: Kind, value: unknown): void {
  if (is(value)) return;
  throw new ImproperlyConfigured(`${name} is ${shownValue(value)}: give ${words}${hint?.(value) ?? ""}`);
}

/** The same, or null. */
export function orNull([is, words, ...hint]: Kind, meaning = "null"): Kind {
  return [(value) => value === null || is(value), `${words}, or ${meaning}`, ...hint];
}

/** A switch. */
export const boolean: Kind = [(value) => typeof value === "boolean", "true or false"];

/** So many, and at least one. */
export const count: Kind = [(value) => Number.isSafeInteger(value) && Number(value) > 0, "a whole number above 0"];

/** So many, or as many as it takes. */
export const times: Kind = orNull(
  [(value) => Number.isInteger(value) && Number(value) >= 0, "a whole number"],
  "null for no end",
);

/** How long something lasts. */
export const duration: Kind = [
  (value) => secondsIn(value) >= 0,
  `seconds from 0 on, or a text such as "1h30m"`,
  unitHint,
];

/** How long something may take. */
export const limit: Kind = [(value) => secondsIn(value) > 0, `seconds above 0, or a text such as "1h30m"`, unitHint];

/** How long something stays. */
export const lifetime: Kind = orNull(limit, "null for ever");

/** An instant. */
export const date: Kind = [isDate, "a Date, and a valid one"];

/** Until when something is wanted. */
export const expiry: Kind = [
  (value) => isDate(value) || secondsIn(value) >= 0,
  `seconds from 0 on, a text such as "1h30m", or a Date`,
  unitHint,
];

/** Any text. */
export const text: Kind = [(value) => typeof value === "string", "a text"];

/** What something is called. */
export const name: Kind = [(value) => typeof value === "string" && value !== "", "a name"];

/** What a call is called. */
export const id: Kind = [
  (value) => typeof value === "string" && value !== "" && value.length <= longestId,
  `a text of 1 to ${longestId} characters`,
];

/** How urgent something is. */
export const priority: Kind = [
  (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 9,
  "a whole number from 0 to 9",
];

/** Values by name. */
export const record: Kind = [(value) => isRecord(value) && !Array.isArray(value), "a record"];

/** Values in order. */
export const list: Kind = [(value) => Array.isArray(value), "a list"];

/** What is called with something. */
export const callable: Kind = [(value) => typeof value === "function", "a function"];

/** Classes of errors. */
export const classes: Kind = [
  (value) => Array.isArray(value) && value.every((each) => typeof each === "function"),
  "a list of classes",
];

/** How publish calls are repeated. */
export const policy: Kind = [isRecord, "{ maxRetries, intervalStart, intervalStep, intervalMax }"];

/** So many seconds; NaN for what is no duration. */
export function secondsIn(value: unknown): number {
  if (typeof value !== "number" && typeof value !== "string") return Number.NaN;
  try {
    return secondsOf(value);
  } catch {
    return Number.NaN;
  }
}

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}
