/**
 * Instants as a person reads them: in UTC, and by the clocks of a zone.
 *
 * @module
 */

/** `2026-01-05 07:30:00Z`. */
export function inUtc(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** `2026-01-01 12:00:00`, by the clock on the wall. */
export function inLocalTime(now: Date): string {
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace("T", " ");
}

/** `2026-01-05 08:30:00+01:00 Europe/Oslo`. */
export function inZone(instant: Date, timezone: string): string {
  const parts = new Intl.DateTimeFormat("en-US", { ...shape, timeZone: timezone }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? "";
  const day = [part("year").padStart(4, "0"), part("month"), part("day")].join("-");
  const offset = part("timeZoneName").replace("GMT", "") || "+00:00";
  return `${day} ${part("hour")}:${part("minute")}:${part("second")}${offset} ${timezone}`;
}

const shape = {
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "longOffset",
} as const satisfies Intl.DateTimeFormatOptions;
