/**
 * What `umbel beat` does: sends what is due until the process is told to stop.
 *
 * @module
 */

import { needBackend, readiness } from "@umbel/core";
import type { LogLevel, Umbel } from "umbel";
import { maxIntervalOf, runBeat } from "umbel/beat";
import type { Found } from "../application/find-application.ts";
import { scheduleOf } from "../application/schedule-of.ts";
import { CommandError } from "../failure.ts";
import type { Session } from "../session.ts";
import { toldToStop } from "../told-to-stop.ts";
import { bannerOf, shownBeat } from "./beat-banner.ts";

/** What can be asked of the loop. */
export interface LoopFlags {
  readonly loglevel?: LogLevel;
  /** Seconds. */
  readonly maxInterval?: number;
}

/**
 * Runs the loop. Resolves when the process was told to stop and the tick that was under way is done. Throws `CommandError`
 * that names the settings which are missing.
 */
export async function beatLoop(found: Found, { terminal, isJson }: Session, flags: LoopFlags): Promise<void> {
  const { app } = found;
  await checkSettings(app);
  if (flags.loglevel !== undefined) app.conf.update({ workerLogLevel: flags.loglevel });
  const maxInterval = maxIntervalOf(app.conf.beatMaxLoopInterval, flags.maxInterval);
  const schedule = scheduleOf(found);
  const entries = await schedule.begin();
  const stop = toldToStop(); // Before its first word: whoever reads that it is there may tell it to stop.
  const facts = { found, now: new Date(app.platform.now()), maxInterval, entries: entries.length };
  for (const line of isJson ? [JSON.stringify(shownBeat(facts))] : bannerOf(facts)) terminal.print(line);
  await runBeat(schedule, { signal: stop, maxInterval });
}

async function checkSettings(app: Umbel): Promise<void> {
  needBackend(app, "beat");
  const missing = await readiness(app, () => undefined)();
  if (missing === undefined) return;
  const { detail }: { readonly detail: string } = await missing.json();
  throw new CommandError(`beat cannot start. ${detail}`);
}
