/**
 * A worker stops for good: where there is a process, it can say so.
 *
 * @module
 */

import { letterOf } from "@umbel/core";
import { type ControlledApplication, type ControlOptions, deskOf } from "./desk.ts";

/**
 * Tells that a worker of this name stops: it is offline from now on, until one of that name serves again, and whoever watches is
 * told. Throws `BackendUnavailable`, `NotSupportedError` without a backend, and `ImproperlyConfigured` beside one that shows nothing.
 */
export async function leave(app: ControlledApplication, worker: string, options: ControlOptions = {}): Promise<void> {
  const store = deskOf(app, options).store();
  await Promise.all([
    store.leave(worker),
    app.backend.emit?.([letterOf(app, "worker-offline", { hostname: worker, sw_ident: "umbel" })]),
  ]);
}
