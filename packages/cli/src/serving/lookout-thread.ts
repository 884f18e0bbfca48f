/**
 * What the thread of a lookout does. Its text is all that the thread is given, so that it is no file to be found by each
 * bundler: the function may use nothing from outside of itself but types.
 *
 * @module
 */

import type { Starter } from "./starter.ts";

/** What it is given. */
export interface LookoutData {
  /** A number that the event loop counts up each `interval`, and whether a debugger may have been at it then: 1. */
  readonly beats: Int32Array<SharedArrayBuffer>;
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** So many looks without a beat, and the loop is blocked. */
  readonly most: number;
  /** Who has started this process; undefined where nobody has whose end would be its own. */
  readonly starter: Starter | undefined;
}

/** Looks, until the process ends. Of the loop only once it has been told which tasks run. */
export async function lookOut(): Promise<void> {
  const { parentPort, workerData } = await import("node:worker_threads");
  const { writeSync } = await import("node:fs");
  const { default: program } = await import("node:process");
  const { beats, interval, most, starter }: LookoutData = workerData;
  let names: readonly string[] | undefined;
  let last = 0;
  let silent = 0;

  parentPort?.on("message", (running: readonly string[]) => void (names = running));
  setInterval(look, interval);

  function look(): void {
    // With the starter went the gateway: nothing can be finished. Whoever adopts a process has another id.
    if (starter !== undefined && program.ppid !== starter.pid) program.kill(program.pid, "SIGKILL");
    const beat = Atomics.load(beats, 0);
    if (beat === last && names !== undefined) silence(names);
    else if (beat !== last) sound();
    last = beat;
  }

  function silence(running: readonly string[]): void {
    if (Atomics.load(beats, 1) === 1) return; // It may stand at a breakpoint, which is no task's doing.
    silent += 1; // Looks are counted, not time: a machine that slept has not been blocked.
    const who = running.length > 1 ? `one of ${running.join(", ")}` : (running[0] ?? "what is no task");
    const meanwhile = "nothing else runs here meanwhile, and no time limit can end it";
    if (silent === most) tell({ blocked: running }, `WARNING] The event loop is blocked by ${who}: ${meanwhile}`);
  }

  function sound(): void {
    const seconds = (silent * interval) / 1000;
    if (silent >= most) tell({ free: true }, `INFO] The event loop is free again, after ${seconds} s`);
    silent = 0;
  }

  function tell(sign: object, text: string): void {
    const time = new Date().toISOString().replace("T", " ").replace(".", ",");
    try {
      writeSync(2, `${starter === undefined ? `[${time}: ${text}` : starter.mark + JSON.stringify(sign)}\n`);
    } catch {
      // Nobody reads it any more, or not now: that ends nothing.
    }
  }
}
