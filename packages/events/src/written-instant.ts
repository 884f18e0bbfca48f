/**
 * Instants as Python writes them: `2026-11-22 02:01:48.120000+00:00`.
 *
 * @module
 */

/** Unix seconds as a date and a time in UTC; what is no date stays a number. */
export function writtenInstant(timestamp: number): string {
  const seconds = Math.floor(timestamp);
  // As Python rounds, a half to the even side.
  const fraction = (timestamp - seconds) * 1e6;
  const micros = halfToEven(fraction);
  const date = new Date((seconds + Math.floor(micros / 1e6)) * 1000);
  if (!isWithin(date)) return String(timestamp);
  const text = date.toISOString().slice(0, 19).replace("T", " ");
  const rest = micros % 1e6;
  return `${text}${rest === 0 ? "" : `.${String(rest).padStart(6, "0")}`}+00:00`;
}

function halfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** Whether its year has four digits. */
function isWithin(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999;
}
