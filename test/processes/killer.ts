/**
 * Kills worker processes with kill -9 at moments that a seed decides, and starts others in their places.
 *
 * @module
 */

import { setTimeout as sleep } from "node:timers/promises";
import type { Relay } from "./relay.ts";
import type { WorkerProcess } from "./stage.ts";

/** What a killer works with. */
export interface KillerOptions {
  readonly workers: readonly WorkerProcess[];
  /** What the workers are at. */
  readonly pushes: Relay["passages"];
  /** Decides who is killed, and how long after a push has come: 0 to 1. */
  readonly random: () => number;
  /** Most kills. */
  readonly kills: number;
}

/** Longest time between a push and the death of its worker, in milliseconds. */
const longestGrace = 15;

/** Kills, one after the other, whenever somebody is at work, until told to stop. Returns how many it has killed. */
export async function killAtRandom(
  { workers, pushes, random, kills }: KillerOptions,
  stop: AbortSignal,
): Promise<number> {
  let killed = 0;
  let seen = 0;
  while (killed < kills && !stop.aborted) {
    const victim = workers[Math.floor(random() * workers.length)];
    const busy = pushes.slice(seen).some(({ target, outcome }) => target === victim?.url && outcome === "open");
    await sleep(busy ? random() * longestGrace : 1); // The moment of the death, or a look again.
    if (!busy || victim === undefined) continue;
    victim.kill();
    killed += 1;
    await victim.start();
    seen = pushes.length;
    await sleep(random() * 200); // How long nobody dies: what is tried is any moment, and no event.
  }
  return killed;
}
