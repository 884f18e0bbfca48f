/**
 * What everything in a kit lives in: a clock, processes, turns, dice, and signs of life.
 *
 * @module
 */

import { drawId } from "@umbel/core";
import { type MovableClock, movableClock } from "./clock.ts";
import { type Dice, dice } from "./dice.ts";
import type { Errand } from "./errand.ts";
import { isBusyElsewhere, type Lives, lives as openLives } from "./lives.ts";
import { type Pulse, pulse as openPulse } from "./pulse.ts";
import { watchingStillness } from "./still-clock.ts";
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
  /** Aborts at the end of it all, with an error that says so to whoever still waits outside of the processes. */
  readonly over: AbortSignal;
  /** Kills everyone, and ends everything that is waited for. */
  readonly end: () => void;
}

/** What a simulation starts from. */
export interface SimulationOptions {
  readonly seed: number;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly concurrency: number;
  /** Told that dice have been thrown on which it depends what happens, the first time that any are. */
  readonly onChance: () => void;
}

/** Turns of the event loop without a sign of life after which everything has come to rest. */
const turnsOfRest = 4;

/** Makes one in which nothing has happened. */
export function simulate({ seed, start, concurrency, onChance }: SimulationOptions): Simulation {
  const clock = movableClock(start);
  const lives = openLives();
  const pulse = openPulse();
  const over = new AbortController();
  const diceFor = tellingDice(seed, onChance);
  const underway = new Set<Errand>();
  return {
    seed,
    clock,
    lives,
    pulse,
    concurrency,
    underway,
    turns: takingTurns({
      rest: async () => await pulse.rest(turnsOfRest),
      pick: picking(diceFor("turns"), concurrency),
    }),
    sleep: sleepingIn({ clock, lives, pulse, over: over.signal }),
    over: over.signal,
    end() {
      const reason = new Error(disposed);
      lives.end(reason);
      over.abort(reason);
    },
    begin(errand) {
      underway.add(errand);
      return () => {
        underway.delete(errand);
        pulse.beat();
      };
    },
    dice: diceFor,
    ids(purpose) {
      const thrown = dice(seed, purpose);
      return () => drawId(clock.now, thrown);
    },
  };
}

/** What waits for a kit's clock, or for its store, waits for ever when nobody moves them any more. */
const disposed = "The test kit has been disposed of: await within its block what goes by its clock";

/** Dice that tell when they are thrown for the first time. */
function tellingDice(seed: number, onChance: () => void): Simulation["dice"] {
  let isTold = false;
  return (purpose) => {
    const thrown = dice(seed, purpose);
    return () => {
      if (!isTold) onChance();
      isTold = true;
      return thrown();
    };
  };
}

/** Whose turn is next: where one push is handled at a time, whoever came first. */
function picking(thrown: Dice, concurrency: number): (count: number) => number {
  return (count) => (concurrency === 1 ? 0 : Math.floor(thrown() * count));
}

type Sleeping = Pick<Simulation, "clock" | "lives" | "pulse" | "over">;

function sleepingIn({ clock, lives, pulse, over }: Sleeping): Simulation["sleep"] {
  // For those outside of the processes: nobody else hears of it when they sleep for ever.
  const watchOver = watchingStillness({
    sign: () => `${clock.now()} ${pulse.beats()}`,
    isBusy: () => [...lives.living].some(isBusyElsewhere),
  });
  return async (seconds, signal) => {
    const life = lives.current();
    pulse.beat();
    if (life === undefined) {
      return await watchOver(
        async (given) => await clock.sleep(seconds, AbortSignal.any([given, eitherOf(over, signal)])),
      );
    }
    await life.awake();
    // A sleep that something else may end (a lease's, a limit's) does not tell that its worker does nothing.
    const counted = signal === undefined ? 1 : 0;
    life.asleep += counted;
    try {
      await clock.sleep(seconds, eitherOf(life.death, signal));
    } finally {
      life.asleep -= counted;
      pulse.beat();
      await life.awake();
    }
  };
}

function eitherOf(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? one : AbortSignal.any([one, other]);
}
