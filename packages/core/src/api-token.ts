/**
 * The secret of an HTTP API of ours.
 *
 * @module
 */

import { type Environment, isProduction, MissingSettingError, variable } from "@umbel/protocol";

/** Which secret it is. */
export interface TokenSource {
  /** The option that the program gave; an empty text is none. */
  readonly given: string | undefined;
  /** The variable that has it otherwise. */
  readonly setting: string;
  /** Who needs it, for the error. */
  readonly purpose: string;
  /** Whether who has to know it is on this machine. */
  readonly isLocal: boolean;
}

/** What development uses when nothing is set. Everybody knows it, so it is good on this machine only. */
const developmentToken = "umbel-dev";

/** Whether it is the token that everybody knows. */
export function isPublicToken(token: string): boolean {
  return token === developmentToken;
}

/**
 * The token: the option, else the variable; the one that everybody knows is as good as none. Throws `MissingSettingError`
 * when there is neither, but in development.
 */
export function apiToken(environment: Environment, { given, setting, purpose, isLocal }: TokenSource): string {
  const token = given || variable(environment, setting);
  if (token !== undefined && !isPublicToken(token)) return token;
  if (!isProduction(environment) && isLocal) return developmentToken;
  throw new MissingSettingError(setting, `${purpose} needs a secret of your own; set it, or pass { token }`);
}
