/**
 * The secret of an HTTP API of ours.
 *
 * @module
 */

import { type Environment, MissingSettingError } from "@umbel/protocol";

/** Which secret it is. */
export interface TokenSource {
  /** The option that the program gave; an empty text is none. */
  readonly given: string | undefined;
  readonly variable: string;
  /** Who needs it, for the error. */
  readonly purpose: string;
}

/** What development uses when nothing is set. */
const developmentToken = "umbel-dev";

/** The token: the option, else the variable. Throws `MissingSettingError` when production has neither. */
export function apiToken(environment: Environment, { given, variable, purpose }: TokenSource): string {
  if (given !== undefined && given !== "") return given;
  const token = environment(variable);
  if (token !== undefined) return token;
  if (environment("NODE_ENV") !== "production") return developmentToken;
  throw new MissingSettingError(
    variable,
    `${purpose} needs a secret of your own in production; set it, or pass { token }`,
  );
}
