/**
 * What the fields of an entry take.
 *
 * @module
 */

import { checkKind, checkOptions, type Kind, type KindsOf, type PeriodicEntry } from "@umbel/core";
import { type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";

/** An entry as it was written: what is undefined is not given. */
export type Written = { readonly [Field in keyof PeriodicEntry]: PeriodicEntry[Field] | undefined } & Pick<
  PeriodicEntry,
  "task" | "schedule"
>;

/** Most missed runs that an entry has made up for: each of them is reckoned at once. */
const mostMissed = 10_000;
/** Seconds. An edit reckons all runs that may wait still. */
const longestJitter = 86_400;
/** So many characters of a name are kept. */
const longestName = 500;

/**
 * Throws `ImproperlyConfigured` for a name that cannot be one, for a field that there is not, with the nearest that there is,
 * and for a value that a field does not take.
 */
export function checkFields(name: string, written: Written): void {
  checkKind("The name of a beat entry", entryName, name);
  checkKind(`The beat entry "${name}"`, record, written);
  const of = ` of the beat entry "${name}"`;
  checkOptions(written, fieldKinds, { one: `field${of}`, of });
  for (const field of ["task", "schedule"] as const) {
    if (written[field] === undefined) throw new ImproperlyConfigured(`The beat entry "${name}" has no ${field}`);
  }
  if (typeof written.catchup === "object") {
    checkOptions(written.catchup, catchupKinds, { one: `bound of catchup${of}`, of: ` of catchup${of}` });
    checkKind(`policy of catchup${of}`, policy, written.catchup.policy);
  }
  const { startAt, endAt } = written;
  if (startAt === undefined || endAt === undefined || startAt <= endAt) return;
  const times = `startAt ${startAt.toISOString()} and endAt ${endAt.toISOString()}`;
  throw new ImproperlyConfigured(`The beat entry "${name}" has ${times}: it would never run`);
}

/** Does something for a field of an entry; what it refuses is told with both names. */
export function inEntry<Result>(name: string, field: string, act: () => Result): Result {
  try {
    return act();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImproperlyConfigured(`${field} of the beat entry "${name}": ${reason}`, { cause });
  }
}

// What is shown in a log, and lies in a path, is one line, and no step in the path.
const entryName: Kind = [
  (value) =>
    typeof value === "string" &&
    /^(?!\.{1,2}$)[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+$/u.test(value) &&
    value.length <= longestName,
  `one line of 1 to ${longestName} characters, and no "." or ".."`,
];

const record: Kind = [
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "{ task, schedule }",
];

const policy: Kind = [(value) => value === "skip" || value === "once" || value === "all", '"skip", "once" or "all"'];

const seconds: Kind = [(value) => lasts(value), 'seconds from 0 on, or a text such as "1h30m"'];

const date: Kind = [(value) => value instanceof Date && !Number.isNaN(value.getTime()), "a Date, and a valid one"];

const fieldKinds: KindsOf<PeriodicEntry> = {
  task: null,
  schedule: null,
  args: [(value) => Array.isArray(value) || typeof value === "function", "a list, or a function that returns one"],
  kwargs: [(value) => record[0](value) || typeof value === "function", "a record, or a function that returns one"],
  options: [record[0], 'options of a call, as { queue: "slow" }'],
  timezone: [(value) => typeof value === "string", 'the name of a time zone, as "Europe/Oslo"'],
  catchup: [
    (value) => policy[0](value) || record[0](value),
    '"skip", "once", "all", or { policy, within, limit } with one of them as its policy',
  ],
  overlap: [(value) => value === "allow" || value === "skip" || value === "cancel", '"allow", "skip" or "cancel"'],
  startAt: date,
  endAt: date,
  jitter: [(value) => lasts(value) && secondsOf(value) <= longestJitter, "seconds from 0 on, a day at most"],
  enabled: [(value) => typeof value === "boolean", "true or false"],
};

const catchupKinds: KindsOf<Exclude<PeriodicEntry["catchup"], string | undefined>> = {
  policy,
  within: seconds,
  limit: [
    (value) => Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= mostMissed,
    `a whole number from 1 to ${mostMissed}`,
  ],
};

function lasts(value: unknown): value is Duration {
  if (typeof value !== "number" && typeof value !== "string") return false;
  try {
    return secondsOf(value) >= 0;
  } catch {
    return false;
  }
}
