/**
 * An idle worker is seen: its own health check, asked again and again, gives its sign of life when it is time for one.
 *
 * A process that lives on can do that; a worker on the edge lives for a request, and is offline when it has had none for long.
 *
 * @module
 */

import type { Fetch } from "../http-server.ts";

/** What is to be seen. */
export interface Seen {
  readonly fetch: Fetch;
  /** The worker's address. */
  readonly url: string;
  /** Seconds between two signs; 0: it gives none. */
  readonly interval: number;
}

/** Checks in the time between two signs: so none is late by more than a part of it. One that comes too early asks for nothing. */
const checks = 4;

/** Longest time that a timer can wait, in milliseconds. */
const longest = 2 ** 31 - 1;

/** Until it is told to stop. What goes wrong the worker logs itself. */
export function staySeen({ fetch, url, interval }: Seen, stop: AbortSignal): void {
  if (interval === 0 || stop.aborted) return;
  const timer = setInterval(() => void check(), Math.min((interval * 1000) / checks, longest));
  stop.addEventListener("abort", () => clearInterval(timer), { once: true });

  async function check(): Promise<void> {
    const answer = await fetch(new Request(url));
    await answer.body?.cancel();
  }
}
