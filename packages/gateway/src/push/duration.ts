/**
 * Durations as QStash writes them: `30s`, `1d10h30m`.
 *
 * @module
 */

/** No duration is longer, in seconds: a hundred years. An instant that far away is still an integer that JavaScript has. */
const longest = 100 * 365 * 86_400;

/** Seconds in each unit that a request header may use. */
const requestUnits: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3600],
  ["d", 86_400],
]);

/** Seconds in each unit that an answer's rate-limit header may use: Go's durations. */
const answerUnits: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-9],
  ["us", 1e-6],
  ["µs", 1e-6], // micro sign
  ["μs", 1e-6], // Greek letter mu
  ["ms", 1e-3],
  ["s", 1],
  ["m", 60],
  ["h", 3600],
]);

/** Seconds that a request header asks for (units s, m, h, d, strung together); `undefined` when it is no duration. */
export function parseDuration(text: string): number | undefined {
  return sumOf(text, requestUnits);
}

/** Seconds in a duration from a destination's answer (units ns to h, `6m5s`); `undefined` when it is none. */
export function parseAnswerDuration(text: string): number | undefined {
  return sumOf(text, answerUnits);
}

function sumOf(text: string, units: ReadonlyMap<string, number>): number | undefined {
  const part = /(\d+(?:\.\d+)?)([a-zµμ]+)/y;
  let seconds = 0;
  while (part.lastIndex < text.length) {
    const [, amount, unit = ""] = part.exec(text) ?? [];
    const size = units.get(unit);
    if (size === undefined) return undefined;
    seconds += Number(amount) * size;
  }
  return text === "" || seconds > longest ? undefined : seconds;
}
