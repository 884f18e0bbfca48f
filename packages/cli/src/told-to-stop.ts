/**
 * How a program that lives on is ended: by a signal, after which it may finish what is under way.
 *
 * @module
 */

import process from "node:process";

/** Aborts when the process is told to stop. Told so again, it ends at once. */
export function toldToStop(): AbortSignal {
  const stop = new AbortController();
  let toldAt = Infinity;
  for (const [signal, code] of exits) {
    process.on(signal, () => {
      if (performance.now() - toldAt > echo) process.exit(code);
      toldAt = Math.min(toldAt, performance.now());
      stop.abort();
    });
  }
  return stop.signal;
}

/** Resolves once a signal has aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Milliseconds within which the same is meant: npm and timeout pass a signal on that the program has had from its group. */
const echo = 500;

/** What a shell expects of a program that a signal has ended. */
const exits = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;
