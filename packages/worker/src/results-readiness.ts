/**
 * Whether an app that serves results has its settings: for the health check of the app that they are part of.
 *
 * @module
 */

import { apiToken, type Connectable, readiness } from "@umbel/core";
import type { AccessOptions } from "./result-access.ts";

/**
 * Makes the check of a program that sends calls and serves `results(app)`: it answers 503 with the names of all variables that
 * are not set, and nothing once they are. Throws `ImproperlyConfigured` for a setting that makes no sense.
 */
export function resultsReadiness(
  app: Connectable,
  { token }: Pick<AccessOptions, "token"> = {},
): () => Promise<Response | undefined> {
  return readiness(app, (_ports, environment) => {
    apiToken(environment, { given: token, setting: "UMBEL_RESULTS_TOKEN", purpose: "the results API", isLocal: true });
  });
}
