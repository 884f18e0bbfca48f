/**
 * Takes in what operators ask of all workers: it comes with the answer to a claim.
 *
 * @module
 */

import { type Application, limitsIn, workerLogger } from "@umbel/core";
import { decodeDirectives, type Directives, type KeptDirectives } from "@umbel/protocol";

/**
 * Keeps the directives for this isolate. What cannot be read is told once and changes nothing: a program of another version
 * may have written it.
 */
export function learn(app: Application, kept: KeptDirectives | undefined): void {
  if (kept === undefined || kept.revision === app.oversight.revision) return;
  app.oversight.revision = kept.revision;
  try {
    app.oversight.directives = checked(decodeDirectives(kept.text));
  } catch (error) {
    const log = app.logger({ logger: workerLogger });
    log.error(`What operators ask for cannot be read, and is not done: ${String(error)}`);
  }
}

/** Throws `ImproperlyConfigured` for a rate that is none: publishing is no place to find out. */
function checked(directives: Directives): Directives {
  const { rateLimits = {} } = directives;
  for (const [task, rate] of Object.entries(rateLimits)) limitsIn(rate, `The rate limit of ${task}`);
  return directives;
}
