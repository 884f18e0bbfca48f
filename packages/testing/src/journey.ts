/**
 * Moves a kit through time: everything that is due is delivered, everything that can go on goes on, and only then the
 * clock moves, to the next thing that happens.
 *
 * @module
 */

import type { MemoryBroker } from "@umbel/memory";
import { TimeoutError } from "@umbel/protocol";
import { isBusyElsewhere } from "./lives.ts";
import type { Outage } from "./outage.ts";
import type { Post } from "./post.ts";
import { pauseForReal } from "./turn.ts";
import type { Simulation } from "./simulation.ts";

/** What a journey needs. */
export interface JourneyOptions {
  readonly world: Simulation;
  readonly broker: MemoryBroker;
  readonly post: Post;
  readonly outage: Outage;
  /** Real milliseconds. */
  readonly patience: number;
  /** Told at the end of each journey. */
  readonly arrived: () => void;
}

/** How time passes. */
export interface AdvanceOptions {
  /** False: the broker delivers nothing meanwhile. */
  readonly deliver?: boolean;
}

/** Moves through time. */
export interface Journey {
  /** For so many seconds; returns the number of pushes. */
  readonly advance: (seconds: number, options?: AdvanceOptions) => Promise<number>;
  /** Until nothing waits; returns the number of pushes. Throws `TimeoutError` when there seems to be no end. */
  readonly settle: () => Promise<number>;
}

/** Moves of the clock after which there seems to be no end. */
const mostMoves = 20_000;

/** Plans journeys that start where the clock stands. They follow each other: two at once would both move it. */
export function journeyOf(options: JourneyOptions): Journey {
  const { world, post } = options;
  let last: Promise<unknown> = Promise.resolve();
  return {
    advance: async (seconds, { deliver = true } = {}) => {
      const way = { ...options, deliver };
      return await next(async () => {
        const end = world.clock.now() + seconds * 1000;
        await travel(way, () => (nextInstant(way) ?? Infinity) <= end);
        world.clock.moveTo(end);
        await arrive(way);
      });
    },
    settle: async () => {
      const way = { ...options, deliver: true };
      return await next(async () => await travel(way, () => isBusy(way)));
    },
  };

  async function next(journey: () => Promise<void>): Promise<number> {
    const before = last;
    const mine = (async () => {
      await before;
      const first = post.pushes.length;
      await journey();
      options.arrived();
      return post.pushes.length - first;
    })();
    last = mine.catch(() => undefined);
    return await mine;
  }
}

/** A journey, and whether the broker delivers on the way. */
type Way = JourneyOptions & Required<AdvanceOptions>;

async function travel(options: Way, goesOn: () => boolean): Promise<void> {
  let { patience } = options;
  await arrive(options);
  for (let moves = 0; goesOn(); moves += 1) {
    patience -= await waitForOthers(options, patience);
    if (!goesOn()) return;
    const instant = nextInstant(options);
    if (moves >= mostMoves || instant === undefined) throw new TimeoutError(whatWaits(options));
    options.world.clock.moveTo(instant);
    await arrive(options);
  }
}

/** Lets happen what happens at this instant. */
async function arrive(options: Way): Promise<void> {
  const { world, broker, post } = options;
  const isDue = () => (firstDue(options) ?? Infinity) <= world.clock.now();
  await quiet(world);
  while (isDue()) {
    for (let free = world.concurrency; free > 0 && isDue(); free -= 1) post.start(broker);
    await quiet(world);
  }
}

async function quiet({ turns, over }: Simulation): Promise<void> {
  await turns.quiet();
  over.throwIfAborted();
}

/**
 * Before the clock moves, a body that waits for something outside of the kit gets real time. Returns how many
 * milliseconds that took; what was of use costs nothing.
 */
async function waitForOthers(options: Way, patience: number): Promise<number> {
  const { lives, pulse } = options.world;
  let waited = 0;
  while (waited < patience && [...lives.living].some(isBusyElsewhere)) {
    const seen = pulse.beats();
    await pauseForReal(1);
    waited += 1;
    if (pulse.beats() === seen) continue;
    await arrive(options);
    return 0;
  }
  return waited;
}

function isBusy({ world, broker, outage }: JourneyOptions): boolean {
  const { lives, underway } = world;
  return broker.waiting.length > 0 || underway.size > 0 || lives.living.size > 0 || outage.end() !== undefined;
}

/** When something happens next. */
function nextInstant(way: Way): number | undefined {
  const { world, outage } = way;
  const instants = [firstDue(way), world.clock.next(), outage.end()].filter((each) => each !== undefined);
  return instants.length === 0 ? undefined : Math.max(world.clock.now(), Math.min(...instants));
}

function firstDue({ broker, deliver }: Way): number | undefined {
  return deliver ? broker.nextDelivery() : undefined;
}

/** Most of what waits that an error tells of. */
const mostTold = 10;

function whatWaits({ world, broker }: JourneyOptions): string {
  const running = [...world.lives.living].map(
    ({ task, taskId, isFrozen }) => `${task}[${taskId}] ${isFrozen ? "is frozen" : "runs"}`,
  );
  const waiting = broker.waiting.map(({ taskId, dueAt }) => `a message of ${taskId} is due at ${dateOf(dueAt)}`);
  const all = [...running, ...waiting];
  const told = all.slice(0, mostTold).map((each) => `\n  ${each}`);
  const more = all.length > mostTold ? `\n  and ${all.length - mostTold} more` : "";
  const now = dateOf(world.clock.now());
  return `The kit does not come to rest (seed ${world.seed}). At ${now}:${told.join("")}${more}`;
}

function dateOf(instant: number): string {
  return new Date(instant).toISOString();
}
