/**
 * Clock, dice, ids and waiting: what a program takes from the machine it runs on, in one place.
 *
 * @module
 */

import { longestTimer } from "@umbel/protocol";
import { newId } from "./identity.ts";

/** What an application takes from its machine. A test gives its own. */
export interface Platform {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A number from 0 up to, not including, 1. */
  readonly random: () => number;
  /** An id for the root of a canvas. */
  readonly newId: () => string;
  /** Resolves after so many seconds; rejects with the signal's reason when it aborts first. */
  readonly sleep: (seconds: number, signal?: AbortSignal) => Promise<void>;
}

/** The platform that a program runs on when it does not say otherwise. */
export const platform: Platform = { now: () => Date.now(), random: () => Math.random(), newId, sleep };

async function sleep(seconds: number, signal?: AbortSignal): Promise<void> {
  let left = seconds * 1000;
  for (; left > longestTimer; left -= longestTimer) await pause(longestTimer, signal);
  await pause(left, signal);
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(finish, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });

    function finish(): void {
      signal?.removeEventListener("abort", stop);
      resolve();
    }

    function stop(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
  });
}
