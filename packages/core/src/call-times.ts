/**
 * When a call is due, and until when it is wanted: as the call says, else as its task is declared.
 *
 * @module
 */

import { ImproperlyConfigured, readDate, secondsOf, type Signature, writeDate } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import type { TaskOptions } from "./task-options.ts";

/** A call, as far as it says when. */
export type Timed = Pick<Signature, "task" | "options">;

/** The instant before which a call does not run, ISO 8601; null: none. */
export function etaOf(app: CallingApplication, { options }: Timed): string | null {
  if (typeof options.countdown === "number") return writeDate(app.platform.now() + options.countdown * 1000);
  return typeof options.eta === "string" ? writeDate(readDate(options.eta)) : null;
}

/** The instant from which on a call that has not begun is not wanted any more, ISO 8601; null: none. */
export function expiresOf(app: CallingApplication, { options }: Timed, task: TaskOptions | undefined): string | null {
  const expires = options.expires ?? task?.expires;
  if (expires === undefined || expires === null) return null;
  if (options.expires === expires && typeof expires === "string") return writeDate(readDate(expires));
  return writeDate(app.platform.now() + secondsOf(expires) * 1000);
}

/**
 * Throws `ImproperlyConfigured` for a call that is due at two times, or only after it has expired: it would never run. A
 * signature may say the one, and whoever applies it the other.
 */
export function checkTimes(app: CallingApplication, call: Timed, task: TaskOptions | undefined): void {
  const { countdown, eta } = call.options;
  if (typeof countdown === "number" && typeof eta === "string") {
    throw new ImproperlyConfigured(`${call.task} has a countdown and an eta: give one of them`);
  }
  const [due, end] = [etaOf(app, call), expiresOf(app, call, task)];
  if (due === null || end === null || readDate(end) >= readDate(due)) return;
  throw new ImproperlyConfigured(`${call.task} expires at ${end}, before it is due at ${due}: it would never run`);
}
