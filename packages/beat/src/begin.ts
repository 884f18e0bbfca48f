/**
 * The beginning of beat's service: told once for each application and isolate, before the first request or tick.
 *
 * @module
 */

import type { Umbel } from "@umbel/core";

const begun = new WeakMap<Umbel, Promise<void>>();

/** Tells of it, the first time; resolves once all receivers have been called. */
export async function begin(app: Umbel): Promise<void> {
  const beginning = begun.get(app) ?? tell(app);
  begun.set(app, beginning);
  await beginning;
}

async function tell(app: Umbel): Promise<void> {
  await app.finalize();
  await app.signals.beatInit.send(app.name, { app: app.name });
}
