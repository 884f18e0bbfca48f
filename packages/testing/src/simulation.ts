/**
 * What everything in a kit lives in: a clock, processes, turns, dice, and signs of life.
 *
 * @module
 */

import { drawId } from "@umbel/core";
import { type MovableClock, movableClock } from "./clock.ts";
import { type Dice, dice } from "./dice.ts";
import type { Errand } from "./errand.ts";
import { type Lives, lives as openLives } from "./lives.ts";
import { type Pulse, pulse as openPulse } from "./pulse.ts";
import { takingTurns, type Turns } from "./turns.ts";

/** A small world. */
export interface Simulation {
  readonly seed: number;
  readonly clock: MovableClock;
  readonly lives: Lives;
  readonly turns: Turns;
  readonly pulse: Pulse;
  /** How many pushes are delivered at once. */
  readonly concurrency: number;
  /** Pushes that are underway, or are being handled. */
  readonly underway: ReadonlySet<Errand>;
  /** Notes a push, and returns what takes the note back. */
  readonly begin: (errand: Errand) => () => void;
  /** Dice for one purpose. */
  readonly dice: (purpose: string) => Dice;
  /** Ids for one purpose. */
  readonly ids: (purpose: string) => () => string;
  /** Sleeps as whoever calls: the dead do not wake, the frozen only when they are thawed. */
  readonly sleep: (seconds: number, signal?: AbortSignal) => Promise<void>;
}

/** What a simulation starts from. */
export interface SimulationOptions {
  readonly seed: number;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly concurrency: number;
}

/** Turns of the event loop without a sign of life after which everything has come to rest. */
const turnsOfRest = 4;

/** Makes one in which nothing has happened. */
export function simulate({ seed, start, concurrency }: SimulationOptions): Simulation {
  const clock = movableClock(start);
  const lives = openLives();
  const pulse = openPulse();
  const underway = new Set<Errand>();
  return {
    seed,
    clock,
    lives,
    pulse,
    concurrency,
    underway,
    turns: takingTurns({ rest: async () => await pulse.rest(turnsOfRest), pick: picking(seed, concurrency) }),
    sleep: sleepingIn({ clock, lives, pulse }),
    begin(errand) {
      underway.add(errand);
      return () => {
        underway.delete(errand);
        pulse.beat();
      };
    },
    dice: (purpose) => dice(seed, purpose),
    ids(purpose) {
      const thrown = dice(seed, purpose);
      return () => drawId(clock.now, thrown);
    },
  };
}

/** Whose turn is next: where one push is handled at a time, whoever came first. */
function picking(seed: number, concurrency: number): (count: number) => number {
  const thrown = dice(seed, "turns");
  return (count) => (concurrency === 1 ? 0 : Math.floor(thrown() * count));
}

function sleepingIn({ clock, lives, pulse }: Pick<Simulation, "clock" | "lives" | "pulse">): Simulation["sleep"] {
  return async (seconds, signal) => {
    const life = lives.current();
    pulse.beat();
    if (life === undefined) return await clock.sleep(seconds, signal);
    await life.awake();
    // A sleep that something else may end (a lease's, a limit's) does not tell that its worker does nothing.
    const counted = signal === undefined ? 1 : 0;
    life.asleep += counted;
    try {
      await clock.sleep(seconds, AbortSignal.any([life.death, ...(signal === undefined ? [] : [signal])]));
    } finally {
      life.asleep -= counted;
      pulse.beat();
      await life.awake();
    }
  };
}
