/**
 * Lengths of time as a user writes them.
 *
 * @module
 */

import { ImproperlyConfigured } from "./errors.ts";

/** Seconds as a number (Celery's meaning), or a text such as `"10m"`, `"1h30m"`, `"500ms"`, `"5 sec"`, `"3 days"`. */
export type Duration = number | string;

/** Units from the longest to the shortest, as the package `ms` spells them, in milliseconds. */
const units: readonly (readonly [unit: string, ms: number])[] = [
  ["w|weeks?", 604_800_000],
  ["d|days?", 86_400_000],
  ["h|hrs?|hours?", 3_600_000],
  ["m|mins?|minutes?", 60_000],
  ["s|secs?|seconds?", 1000],
  ["ms|msecs?|milliseconds?", 1],
];

/** `1h30m`, `1 hour 30 min`: each unit at most once, the longer first, with or without spaces between. */
const written = new RegExp(`^${units.map(([unit]) => `(?:(\\d+(?:\\.\\d+)?) ?(?:${unit}) ?)?`).join("")}$`, "i");

const oneUnit = new RegExp(`^(?:${units.map(([unit]) => unit).join("|")})$`, "i");

/** What units are called in an error. */
const spelt = ["weeks", "days", "hours", "minutes", "seconds", "ms"] as const;

/**
 * A duration in seconds. A number, also one written as text, is seconds already and may be negative: a countdown that has
 * passed. Throws `ImproperlyConfigured` that names the value.
 */
export function secondsOf(value: Duration): number {
  const seconds = typeof value === "string" ? secondsIn(value.trim()) : value;
  if (Number.isFinite(seconds)) return seconds;
  const given = typeof value === "number" ? value : shown(JSON.stringify(value));
  throw new ImproperlyConfigured(
    `${given} is not a duration: give seconds, or a text such as "1h30m"${unitHint(value)}`,
  );
}

/** For an error: the first unit in a text that is none, the nearest, and all that there are. Empty where each is one. */
export function unitHint(value: unknown): string {
  const words = typeof value === "string" ? value.matchAll(/\d ?(\p{L}+)/gu) : [];
  const stranger = Array.from(words, ([, word = ""]) => word).find((word) => !oneUnit.test(word));
  if (stranger === undefined) return "";
  const start = stranger.slice(0, 2).toLowerCase();
  const nearest = spelt.find((unit) => unit.startsWith(start));
  const hint = nearest === undefined ? "" : `, the nearest is "${nearest}"`;
  return `; there is no unit "${shown(stranger)}"${hint}; there are ${spelt.slice(0, -1).join(", ")} and ms`;
}

/** No more of a text than can be read in an error. */
function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

/** The longest time that a timer can hold, in milliseconds: 2^31 - 1, 24.8 days. One that is set longer rings at once. */
export const longestTimer = 2_147_483_647;

/**
 * The milliseconds of a timer for an option that limits something to so many seconds; undefined when there is no limit:
 * Infinity, or longer than any timer. Throws `ImproperlyConfigured` that names the option when there is no time at all.
 */
export function timerOf(option: string, seconds: number): number | undefined {
  if (!(seconds > 0)) throw new ImproperlyConfigured(`${option} is ${seconds}: give seconds above 0, or Infinity`);
  return seconds * 1000 > longestTimer ? undefined : seconds * 1000;
}

function secondsIn(text: string): number {
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  const amounts = written.exec(text)?.slice(1);
  if (text === "" || !amounts) return Number.NaN;
  return units.reduce((sum, [, ms], index) => sum + Number(amounts[index] ?? 0) * ms, 0) / 1000;
}
