/**
 * The beginning of a worker's service: told once for each application and isolate, before the first request is served.
 *
 * @module
 */

import { type BackgroundOptions, checkBackground } from "./background.ts";
import type { WorkerApplication } from "./worker.ts";

/** One for each application: it may have several endpoints. */
const begun = new WeakMap<WorkerApplication, Promise<void>>();

/**
 * Tells of it, the first time; resolves once all receivers have been called. Throws `ImproperlyConfigured`, each time, for a
 * task that this platform cannot run as it is declared.
 */
export async function begin(app: WorkerApplication, place: Place): Promise<void> {
  const beginning = begun.get(app) ?? tell(app, place);
  begun.set(app, beginning);
  await beginning;
}

/** Where an application is served. */
export interface Place extends BackgroundOptions {
  readonly hostname: string;
}

async function tell(app: WorkerApplication, { hostname, ...platform }: Place): Promise<void> {
  checkBackground(app, platform);
  await app.finalize();
  await app.signals.workerInit.send(hostname, { app: app.name });
  await app.signals.workerReady.send(hostname, { app: app.name });
}
