/**
 * The loop of a program that lives on: ticks, sleeps until something is due, and ticks again.
 *
 * Nothing depends on there being one of it, or on its living: any number may run, and what one that died has not sent is
 * sent by the next tick, whoever makes it.
 *
 * @module
 */

import type { Logger, Platform, Umbel } from "@umbel/core";
import { type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import type { Tick } from "./tick.ts";

/** Options of {@link runBeat}. */
export interface RunBeatOptions {
  /** Ends the loop. A tick that is under way is finished first. */
  readonly signal?: AbortSignal;
  /** The longest sleep; the setting `beatMaxLoopInterval` when absent, and five minutes where that is 0. */
  readonly maxInterval?: Duration;
  /** Clock, dice and sleep; the application's when absent. */
  readonly platform?: Pick<Platform, "random" | "sleep">;
}

/** What the loop needs of what `beat()` makes. */
export interface Ticking {
  readonly app: Pick<Umbel, "conf" | "logger" | "platform">;
  tick(): Promise<Pick<Tick, "failed" | "wait">>;
}

/** Seconds, as Celery's. */
const usualInterval = 300;
/** The longest pause after a failure, in seconds. */
const longestPause = 60;
/** Seconds between two ticks at least: what is due again at once does not keep the store busy. */
const shortestPause = 1;

/**
 * Runs the loop until it is told to stop. While the store or the broker cannot be reached it says so and tries again, with
 * growing pauses. Rejects with what the first tick throws where trying again cannot help, and with `ImproperlyConfigured`
 * for an interval that is none.
 */
export async function runBeat(beat: Ticking, options: RunBeatOptions = {}): Promise<void> {
  const { signal, platform = beat.app.platform } = options;
  const longest = maxIntervalOf(beat.app.conf.beatMaxLoopInterval, options.maxInterval);
  const log = beat.app.logger({ logger: "umbel.beat" });
  let past: Past = { hasTicked: false, failures: 0 };
  log.info("beat: Starting...");
  while (!isOver(signal)) {
    const turn = await turnOf(beat);
    if (!past.hasTicked && isFinal(turn.error)) throw turn.error;
    past = pastWith(turn, past);
    const pause = past.failures === 0 ? sleepAfter(turn, longest) : backoff(past.failures, longest, platform.random());
    tell(log, turn, pause);
    await sleepUntil(signal, platform.sleep(pause, signal));
  }
  log.info("beat: Shutting down...");
}

/** The longest sleep in seconds. Throws `ImproperlyConfigured`. */
export function maxIntervalOf(setting: Duration, given?: Duration): number {
  const seconds = secondsOf(given ?? setting);
  if (seconds < 0 || (given !== undefined && seconds === 0)) {
    throw new ImproperlyConfigured(`The longest sleep of beat is ${given ?? setting}: give seconds above 0`);
  }
  return seconds === 0 ? usualInterval : seconds;
}

/** What a tick came to. */
interface Turn {
  /** What it threw. */
  readonly error?: unknown;
  /** Whether something has to be done again soon. */
  readonly hasFailed: boolean;
  /** Seconds until the next tick is wanted. */
  readonly wait: number;
}

/** What the loop remembers of its turns. */
interface Past {
  readonly hasTicked: boolean;
  /** Turns in a row that have failed. */
  readonly failures: number;
}

function isOver(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

async function turnOf(beat: Ticking): Promise<Turn> {
  try {
    const { failed, wait } = await beat.tick();
    return { hasFailed: failed.length > 0, wait };
  } catch (error) {
    return { error, hasFailed: true, wait: 0 };
  }
}

/** Whether it will be the same next time: the error may be of another copy of the package. */
function isFinal(error: unknown): boolean {
  return error instanceof Error && "transient" in error && error.transient === false;
}

function pastWith({ error, hasFailed }: Turn, past: Past): Past {
  return { hasTicked: past.hasTicked || error === undefined, failures: hasFailed ? past.failures + 1 : 0 };
}

/** Seconds, not later than something is due. */
function sleepAfter({ wait }: Turn, longest: number): number {
  return Math.max(Math.min(wait, longest), shortestPause);
}

/** Doubles with each failure; some time before that, so that many beats do not come back at once. */
function backoff(failures: number, longest: number, chance: number): number {
  return Math.min(2 ** (failures - 1), longestPause, longest) * (1 - chance / 2);
}

function tell(log: Logger, { error }: Turn, pause: number): void {
  if (error === undefined) return;
  log.error(`beat: the tick failed: ${reasonOf(error)}. Trying again in ${pause.toFixed(2)} seconds...`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A sleep that is cut short is no error. */
async function sleepUntil(signal: AbortSignal | undefined, slept: Promise<void>): Promise<void> {
  await slept.catch((error: unknown) => {
    if (!isOver(signal)) throw error;
  });
}
