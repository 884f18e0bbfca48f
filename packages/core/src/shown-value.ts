/**
 * Values in the sentences of errors.
 *
 * @module
 */

/**
 * A value as an error shows it: as JSON, as far as that has a form for it, and no more of it than can be read. It throws for
 * nothing, since the sentence is about what is wrong.
 */
export function shownValue(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  const whole = textOf(value);
  return whole.length > mostShown ? `${whole.slice(0, mostShown)}...` : whole;
}

/** So many characters of a value can be read in an error. */
const mostShown = 80;

function textOf(value: unknown): string {
  if (hasOwnText(value)) return String(value);
  try {
    return JSON.stringify(value, withBigInts) ?? `a ${typeof value}`;
  } catch {
    return "what JSON cannot hold"; // It holds itself, or what it says of itself fails.
  }
}

/** JSON would show null for a number that is none and for a date that is none. */
function hasOwnText(value: unknown): boolean {
  if (typeof value === "number" || value === undefined) return true;
  return value instanceof Date && Number.isNaN(value.getTime());
}

/** JSON throws for a BigInt: one within a value is shown as it is written. */
function withBigInts(_key: string, part: unknown): unknown {
  return typeof part === "bigint" ? `${part}n` : part;
}
