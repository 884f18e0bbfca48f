/**
 * The secret of whoever calls a tick.
 *
 * @module
 */

import { type Environment, MissingSettingError } from "@umbel/protocol";

/** What development uses when nothing is set. */
const developmentToken = "umbel-dev";

/** The token: the option, else `UMBEL_BEAT_TOKEN`. Throws `MissingSettingError` when production has neither. */
export function beatToken(given: string | undefined, environment: Environment): string {
  const token = given ?? environment("UMBEL_BEAT_TOKEN");
  if (token !== undefined) return token;
  if (environment("NODE_ENV") !== "production") return developmentToken;
  throw new MissingSettingError(
    "UMBEL_BEAT_TOKEN",
    "whoever calls a tick needs a secret of your own in production; set it, or pass { token }",
  );
}
