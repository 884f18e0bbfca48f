/**
 * Points in time as Celery writes and reads them (celery-wire.md 3.4).
 *
 * Inside, an instant is milliseconds since 1970. On the wire it is ISO 8601 with exactly six digits of fraction and
 * `+00:00`: Celery 5.2 reads `.854Z` as 854 microseconds, and 5.3.0 to 5.3.4 refuse the `Z`.
 *
 * @module
 */

import { EncodeError, InvalidMessageError } from "./errors.ts";

const isoDate =
  /^(?<day>\d{4}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d(?::\d\d)?)(?:[.,](?<fraction>\d+))?(?<zone>Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d(?::?[0-5]\d)?)?)?)?$/;

/** Writes an instant, milliseconds since 1970, as all of Celery's versions read it. Throws `EncodeError` outside the years 1 to 9999. */
export function writeDate(ms: number): string {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw new EncodeError(`${ms} is not an instant between the years 1 and 9999`);
  return date.toISOString().replace("Z", "000+00:00");
}

/**
 * Reads any ISO 8601 that Celery writes, as milliseconds since 1970: microseconds are cut off, a time without an offset
 * is UTC, a day alone is its midnight. Throws `InvalidMessageError` that names the text.
 */
export function readDate(text: string): number {
  const ms = instantIn(text);
  if (Number.isNaN(ms)) throw new InvalidMessageError(`Not an ISO 8601 date and time: ${JSON.stringify(text)}`);
  return ms;
}

/** Whether {@link readDate} can read a text. */
export function isDate(text: string): boolean {
  return !Number.isNaN(instantIn(text));
}

/** NaN for what is no date. */
function instantIn(text: string): number {
  const parts = isoDate.exec(text)?.groups;
  return parts ? instantOf(parts) : Number.NaN;
}

function instantOf({ day, time, fraction, zone }: Readonly<Record<string, string | undefined>>): number {
  const clock = (time ?? "00:00").padEnd(8, ":00");
  const local = Date.parse(`${day}T${clock}.${(fraction ?? "").padEnd(3, "0").slice(0, 3)}Z`);
  // Date.parse takes the 30th of February for the 2nd of March.
  const exists = !Number.isNaN(local) && new Date(local).toISOString().startsWith(`${day}T${clock}`);
  return exists ? local - offsetOf(zone) : Number.NaN;
}

/** Milliseconds that a zone is ahead of UTC. */
function offsetOf(zone = "Z"): number {
  const [hours = 0, minutes = 0, seconds = 0] = (zone.match(/\d\d/g) ?? []).map(Number);
  const offset = (hours * 3600 + minutes * 60 + seconds) * 1000;
  return zone.startsWith("-") ? -offset : offset;
}
