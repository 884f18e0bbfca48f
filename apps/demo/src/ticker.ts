/**
 * Ticks beat over HTTP: the gateway has no schedules yet, and nothing else here keeps time.
 *
 * @module
 */

import type { Screen } from "./screen.ts";

/** Calls `POST /tick` every so many seconds, until it is stopped. What goes wrong is said once in a row. */
export function tickEvery(seconds: number, beat: string, screen: Screen): () => void {
  let lastProblem: string | undefined;
  const timer = setInterval(() => void tick(), seconds * 1000);
  return () => clearInterval(timer);

  async function tick(): Promise<void> {
    const problem = await problemOf(beat);
    if (problem !== undefined && problem !== lastProblem) screen.log("demo", `a tick of beat failed: ${problem}`);
    lastProblem = problem;
  }
}

async function problemOf(beat: string): Promise<string | undefined> {
  const headers = { authorization: "Bearer umbel-dev" };
  try {
    const response = await fetch(new URL("/tick", beat), {
      method: "POST",
      headers,
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    return response.ok ? undefined : `${response.status} ${text}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
