/**
 * Kills worker processes with kill -9 and starts others in their places: by turns in the midst of a body, and at any moment.
 *
 * No seed repeats that: whom it strikes, and where, depends on what the processes are at in real time.
 *
 * @module
 */

import { setTimeout as sleep } from "node:timers/promises";
import type { Journal } from "./journal.ts";
import type { Relay } from "./relay.ts";
import type { WorkerProcess } from "./stage.ts";

/** What a killer works with. */
export interface KillerOptions {
  readonly workers: readonly WorkerProcess[];
  readonly journal: Journal;
  /** What the workers are at. */
  readonly pushes: Relay["passages"];
  /** Decides who is killed, and how long after a push has come: 0 to 1. */
  readonly random: () => number;
  /** Most kills. */
  readonly kills: number;
  /** Who has died so far; the killer adds to it. */
  readonly deaths: Death[];
}

/** A worker process that was killed. */
export interface Death {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly pid: number;
  readonly url: string | undefined;
  readonly where: "in a body" | "anywhere";
}

/** Longest time between a push and the death of its worker, in milliseconds. */
const longestGrace = 15;

/** Kills, one after the other, until told to stop. */
export async function killAtRandom(options: KillerOptions, stop: AbortSignal): Promise<void> {
  const { deaths, kills, random } = options;
  while (deaths.length < kills) {
    const where = deaths.length % 2 === 0 ? "in a body" : "anywhere";
    const victim = await (where === "in a body" ? inBody(options, stop) : atWork(options, stop));
    if (victim === undefined) break;
    deaths.push({ at: Date.now(), pid: victim.pid(), url: victim.url(), where });
    victim.kill();
    await victim.start();
    await sleep(random() * 200); // How long nobody dies: what is tried is any moment, and no event.
  }
}

/** Whoever begins a body next, which goes on no further. */
async function inBody({ workers, journal }: KillerOptions, stop: AbortSignal): Promise<WorkerProcess | undefined> {
  await journal.layTrap();
  while (!stop.aborted) {
    const trapped = await journal.trapped();
    if (trapped !== undefined) return workers.find(({ pid }) => pid() === trapped);
    await sleep(5);
  }
  return undefined;
}

/** Somebody who has had a push for a moment. */
async function atWork(
  { workers, pushes, random }: KillerOptions,
  stop: AbortSignal,
): Promise<WorkerProcess | undefined> {
  const from = pushes.length;
  while (!stop.aborted) {
    const victim = workers[Math.floor(random() * workers.length)];
    const isBusy = pushes.slice(from).some(({ target, outcome }) => target === victim?.url() && outcome === "open");
    await sleep(isBusy ? random() * longestGrace : 1); // The moment of the death, or a look again.
    if (isBusy) return victim;
  }
  return undefined;
}
