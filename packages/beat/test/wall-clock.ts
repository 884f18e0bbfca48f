/**
 * What clocks show, by the runtime's own formatter: an oracle that knows none of our arithmetic.
 *
 * @module
 */

/** Shows instants as `2026-03-29 02:30:00` in a zone. */
export function clockIn(zone: string): (instant: Date) => string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
  return (instant) => format.format(instant);
}
