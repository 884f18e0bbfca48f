/**
 * How many runs of an entry may wait at once for their jitter or their countdown: so many that they can be taken back.
 *
 * @module
 */

import type { CallingApplication } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";
import { slotsIn } from "./due.ts";
import type { PlannedEntry } from "./planned-entry.ts";
import { countdownIn } from "./waiting.ts";

/** Ten calls of the store, and of the broker: what one edit takes back at once. */
const most = 10_000;

/** Throws `ImproperlyConfigured` for an entry of which more may wait: to pause it would take its time, and so long it would run. */
export function checkWaiting(app: CallingApplication, entry: Omit<PlannedEntry, "call">): void {
  const { name, jitter, spec, startAt = 0, endAt = Infinity } = entry;
  const wait = jitter * 1000 + countdownIn({ app }, spec.task);
  // None is finer than a second; but an application's own, which is asked by ticks only.
  if (wait <= most * 1000 || typeof spec.schedule === "string") return;
  const from = Math.max(app.platform.now(), startAt - 1);
  let count = 0;
  for (const _ of slotsIn(entry, { start: from }, { from, to: Math.min(from + wait, endAt) })) {
    count += 1;
    if (count > most) throw tooMany(name, wait);
  }
}

function tooMany(name: string, wait: number): ImproperlyConfigured {
  return new ImproperlyConfigured(
    `Of the beat entry "${name}" more than ${most} runs could wait at once, for up to ${wait / 1000} seconds of jitter and countdown: ` +
      "have it run less often, or wait less",
  );
}
