/**
 * Moves a kit through time: everything that is due is delivered, everything that can go on goes on, and only then the
 * clock moves, to the next thing that happens.
 *
 * @module
 */

import type { MemoryBroker } from "@umbel/memory";
import { TimeoutError } from "@umbel/protocol";
import type { Life } from "./lives.ts";
import type { Outage } from "./outage.ts";
import type { Post } from "./post.ts";
import { pauseForReal } from "./pulse.ts";
import type { Simulation } from "./simulation.ts";

/** What a journey needs. */
export interface JourneyOptions {
  readonly world: Simulation;
  readonly broker: MemoryBroker;
  readonly post: Post;
  readonly outage: Outage;
  /** Real milliseconds. */
  readonly patience: number;
}

/** Moves through time. */
export interface Journey {
  /** For so many seconds; returns the number of pushes. */
  readonly advance: (seconds: number) => Promise<number>;
  /** Until nothing waits; returns the number of pushes. Throws `TimeoutError` when there seems to be no end. */
  readonly settle: () => Promise<number>;
}

/** Moves of the clock after which there seems to be no end. */
const mostMoves = 20_000;

/** Plans a journey that starts where the clock stands. */
export function journeyOf(options: JourneyOptions): Journey {
  const { world, broker, post, outage } = options;
  const { clock, lives, turns, pulse, underway, concurrency } = world;
  let last: Promise<unknown> = Promise.resolve();
  return {
    advance: async (seconds) =>
      await inTurn(async () => {
        const end = clock.now() + seconds * 1000;
        await travel(() => (next() ?? Infinity) <= end, end);
      }),
    settle: async () => await inTurn(async () => await travel(isBusy)),
  };

  /** Journeys follow each other: two at once would both move the clock. */
  async function inTurn(journey: () => Promise<void>): Promise<number> {
    const before = last;
    const mine = (async () => {
      await before;
      const first = post.pushes.length;
      await journey();
      return post.pushes.length - first;
    })();
    last = mine.catch(() => undefined);
    return await mine;
  }

  async function travel(goesOn: () => boolean, end?: number): Promise<void> {
    let patience = options.patience;
    await arrive();
    for (let moves = 0; goesOn(); moves += 1) {
      patience -= await waitForOthers(patience);
      const instant = next();
      if (!goesOn()) break;
      if (moves >= mostMoves || instant === undefined) throw new TimeoutError(tellWhatWaits());
      clock.moveTo(instant);
      await arrive();
    }
    if (end === undefined) return;
    clock.moveTo(end);
    await arrive();
  }

  /** Lets happen what happens at this instant. */
  async function arrive(): Promise<void> {
    await turns.quiet();
    while ((firstDue() ?? Infinity) <= clock.now()) {
      for (let free = concurrency; free > 0 && (firstDue() ?? Infinity) <= clock.now(); free -= 1) post.start(broker);
      await turns.quiet();
    }
  }

  /**
   * Before the clock moves, a body that waits for something outside of the kit gets real time. Returns how many
   * milliseconds that took; what was of use costs nothing.
   */
  async function waitForOthers(patience: number): Promise<number> {
    let waited = 0;
    while (waited < patience && [...lives.living].some(isBusyElsewhere)) {
      const seen = pulse.beats();
      await pauseForReal(1);
      waited += 1;
      if (pulse.beats() === seen) continue;
      await arrive();
      return 0;
    }
    return waited;
  }

  function isBusy(): boolean {
    return broker.waiting.length > 0 || underway.size > 0 || lives.living.size > 0 || outage.end() !== undefined;
  }

  function next(): number | undefined {
    const instants = [firstDue(), clock.next(), outage.end()].filter((each) => each !== undefined);
    return instants.length === 0 ? undefined : Math.max(clock.now(), Math.min(...instants));
  }

  function firstDue(): number | undefined {
    if (broker.waiting.length === 0) return undefined;
    return broker.waiting.reduce((first, { dueAt }) => Math.min(first, dueAt), Infinity);
  }

  function tellWhatWaits(): string {
    const running = [...lives.living].map(
      ({ task, taskId, isFrozen }) => `${task}[${taskId}] ${isFrozen ? "is frozen" : "runs"}`,
    );
    const waiting = broker.waiting.map(({ taskId, dueAt }) => `a message of ${taskId} is due at ${dateOf(dueAt)}`);
    const all = [...running, ...waiting];
    const told = all
      .slice(0, mostTold)
      .map((each) => `\n  ${each}`)
      .join("");
    const more = all.length > mostTold ? `\n  and ${all.length - mostTold} more` : "";
    return `The kit does not come to rest (seed ${world.seed}). At ${dateOf(clock.now())}:${told}${more}`;
  }
}

/** Most of what waits that an error tells of. */
const mostTold = 10;

function isBusyElsewhere({ asleep, isFrozen }: Life): boolean {
  return asleep === 0 && !isFrozen;
}

function dateOf(instant: number): string {
  return new Date(instant).toISOString();
}
