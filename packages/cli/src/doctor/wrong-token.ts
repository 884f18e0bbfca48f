/**
 * A service that knows whoever asks by another token.
 *
 * @module
 */

import { lineOf } from "../failure.ts";
import { bad, type Finding } from "./finding.ts";

/** How a service is reached. */
export interface Access {
  /** Name of the variable that has its address. */
  readonly address: string;
  /** Name of the variable that has its token. */
  readonly token: string;
  /** Where a token of the cloud's service is shown. */
  readonly console: string;
}

/** As adapters tell of it, after their own name. */
const said = /^[\w-]+: (?=the token is wrong: )/;

/** Why a service could not be asked: its token is told before all else, for nothing else is to be looked at then. */
export function unreached(what: string, { address, token, console }: Access, error: unknown): Finding {
  const reason = lineOf(error);
  if (!said.test(reason)) return bad(what, reason, `start it, or mend ${address} and ${token}`);
  const fix = `set ${token} to the one that belongs to ${address}: umbel dev prints its own, ${console} shows those of an account`;
  return bad(what, reason.replace(said, ""), fix);
}
