/**
 * Settings that are not there: all are told at once, for whoever sets one and runs again has lost a deployment for each.
 *
 * @module
 */

import { type Connect, type Environment, MissingSettingError } from "@umbel/protocol";

/** As good as an address and as a secret; nothing is ever sent there. */
export const standIn = "https://missing.invalid";

/**
 * Throws an error again. One of a missing setting then names the others that ports lack: each is connected aside, with a
 * stand-in for what was missing before, until it complains of nothing more.
 */
export function tellMissing(error: unknown, ports: readonly Connect<unknown>[], environment: Environment): never {
  if (!(error instanceof MissingSettingError)) throw error;
  const missing = [error.setting];
  const standing: Environment = (name) => (missing.includes(name) ? standIn : environment(name));
  for (const port of ports) {
    for (;;) {
      const name = lackOf(port, standing);
      if (name === undefined || missing.includes(name)) break;
      missing.push(name);
    }
  }
  throw error.beside(missing.slice(1));
}

/** The setting that a port complains of; what else is wrong with it is for another time. */
function lackOf(port: Connect<unknown>, environment: Environment): string | undefined {
  try {
    port(environment);
    return undefined;
  } catch (error) {
    return error instanceof MissingSettingError ? error.setting : undefined;
  }
}
