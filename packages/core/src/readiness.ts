/**
 * Whether an application has every setting that it needs: asked before it is served, and by health checks.
 *
 * Adapters settle their settings when they are first needed, and complain of the first that is missing. Here they are
 * connected aside, with a stand-in for what was missing before, until they complain of nothing any more: so all of it can be
 * told at once.
 *
 * @module
 */

import { type CallerBackend, type CallerBroker, type Environment, MissingSettingError } from "@umbel/protocol";
import { standIn } from "./missing-settings.ts";
import { problem } from "./problem.ts";

/** An application's ports. */
export interface Ports {
  readonly broker: CallerBroker;
  readonly backend: CallerBackend;
}

/** An application that can be connected aside. */
export interface Connectable {
  readonly environment: Environment;
  /** Its ports, connected anew by another reader of variables. Throws `ImproperlyConfigured`, `MissingSettingError`. */
  connected(environment: Environment): Ports;
}

/** Needs what a part needs: throws `MissingSettingError` for a setting that is not there. */
export type Need = (ports: Ports, environment: Environment) => unknown;

/**
 * Makes the check of a part. It answers 503 with the names of all variables that are not set, and nothing once they are.
 * Throws what `need` and the adapters throw besides: a setting that makes no sense.
 */
export function readiness(app: Connectable, need: Need): () => Promise<Response | undefined> {
  let isReady = false;
  return async () => {
    if (isReady) return undefined;
    const missing = await missingFor(app, need);
    isReady = missing.length === 0;
    if (isReady) return undefined;
    const detail = `Not set: ${missing.join(", ")}`;
    return problem({ status: 503, code: "MISSING_SETTING", detail });
  };
}

async function missingFor(app: Connectable, need: Need): Promise<readonly string[]> {
  const missing: string[] = [];
  const environment = (name: string) => (missing.includes(name) ? standIn : app.environment(name));
  for (;;) {
    const name = await complaint(async () => await need(app.connected(environment), environment));
    // Named once more, it was not asked for where a stand-in would have been given: what else is missing cannot be told.
    if (name === undefined || missing.includes(name)) return missing;
    missing.push(name);
  }
}

/** The setting that is missing; undefined when none is. */
async function complaint(act: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (error instanceof MissingSettingError) return error.setting;
    throw error;
  }
}
