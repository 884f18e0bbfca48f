/**
 * Cron expressions as QStash takes them: five fields, in UTC or in the zone that `CRON_TZ=` names (qstash.md section 3).
 *
 * Croner knows the calendar, the zones and their clock changes. What it has beyond the five standard fields (`L`, `W`, `#`,
 * `+`, `?`, `@daily`, seconds) is refused: QStash promises none of it, and a schedule has to mean the same there.
 *
 * @module
 */

import { Cron } from "croner";

import { checkFields } from "./cron-fields.ts";
import { RequestError } from "./request-error.ts";

/** Returns an expression, trimmed, that has a time after `now` (milliseconds since 1970); throws `RequestError` otherwise. */
export function checkCron(text: string, now: number): string {
  const cron = text.trim();
  if (nextAfter(cron, now) !== undefined) return cron;
  throw new RequestError(400, `Upstash-Cron: "${cron}" is never due: there is no such day`);
}

/**
 * The first time after an instant; both in milliseconds since 1970. `undefined` when there is none. Throws `RequestError` for
 * what is no expression; one that was checked may be none on another runtime, which does not know its zone.
 */
export function nextAfter(cron: string, instant: number): number | undefined {
  const { zone, pattern } = partsOf(cron);
  checkZone(zone);
  return cronIn(pattern, zone).nextRun(new Date(instant))?.getTime();
}

interface Parts {
  readonly zone: string;
  readonly pattern: string;
}

function partsOf(cron: string): Parts {
  const [mark, zone = "UTC"] = /^CRON_TZ=(\S*)/.exec(cron) ?? [""];
  return { zone, pattern: cron.slice(mark.length).trimStart() };
}

function checkZone(zone: string): void {
  if (isZone(zone)) return;
  throw new RequestError(
    400,
    `Upstash-Cron: "${zone}" is no time zone; name one of the IANA database, as in CRON_TZ=Europe/Berlin 0 9 * * *`,
  );
}

/** Names only: an offset such as `+02:00` is a zone to JavaScript, and none to QStash. */
function isZone(name: string): boolean {
  try {
    return /^[a-z]/i.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

function cronIn(pattern: string, timezone: string): Cron {
  try {
    checkFields(pattern);
    // As Vixie's cron tells a fixed time of day, a list of hours included, from what is to go on at each hour.
    return new Cron(pattern, { timezone, mode: "5-part", fixedTimeRule: "no-wildcard" });
  } catch (error) {
    throw new RequestError(400, `Upstash-Cron: "${pattern}" is no cron expression of five fields: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
}
