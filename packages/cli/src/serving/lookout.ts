/**
 * A thread that looks while the program's own cannot: it ends the process once its starter is gone, and tells when a task keeps
 * the event loop to itself. Nothing in a process can end such a task, its time limit neither: that is a timer of the same loop.
 *
 * It looks who the parent is, rather than waits for a pipe to close: the runtimes do not agree on who keeps which pipe open.
 *
 * @module
 */

import inspector from "node:inspector";
import { Worker } from "node:worker_threads";
import { type LookoutData, lookOut } from "./lookout-thread.ts";
import type { Starter } from "./starter.ts";

/** A lookout that was posted. */
export interface Lookout {
  /** Takes the names of the tasks that run now, of which it tells; from the first time on it looks at the loop. */
  readonly see: (names: readonly string[]) => void;
}

/** Milliseconds between two looks. */
const interval = 250;
/** Looks for which the loop may be silent: three seconds. */
const most = 12;

/** Posts one, for as long as the process lives. It keeps nothing alive. */
export function postLookout(starter: Starter | undefined): Lookout {
  const beats = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const thread = startThread({ beats, interval, most, starter });
  if (thread === undefined) return { see: () => undefined };
  setInterval(() => beat(beats), interval).unref();
  return { see: (names) => thread.postMessage(names, []) };
}

/** Undefined where there may be no threads, as by Node's `--permission`: the program does what it does without a lookout. */
function startThread(workerData: LookoutData): Worker | undefined {
  try {
    // Without the program's flags and variables: what they preload is none of the thread's business.
    const thread = new Worker(`(${String(lookOut)})();`, { eval: true, execArgv: [], env: {}, workerData });
    thread.on("error", () => undefined);
    thread.unref();
    return thread;
  } catch {
    return undefined;
  }
}

function beat(beats: LookoutData["beats"]): void {
  Atomics.store(beats, 1, inspector.url() === undefined ? 0 : 1);
  Atomics.add(beats, 0, 1);
}
