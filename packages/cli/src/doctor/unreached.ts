/**
 * A service that could not be asked, and whose fault that is: its own, of the token, or of what lies behind it.
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

/** As a gateway names its setting when it answers and the Redis behind it does not. */
const behind = "the gateway's REDIS_URL";

/** Why a service could not be asked: its token is told before all else, for nothing else is to be looked at then. */
export function unreached(what: string, { address, token, console }: Access, error: unknown): Finding {
  const reason = lineOf(error);
  if (reason.includes(behind)) return bad(what, reason, `start that Redis, or mend ${behind}`);
  if (!said.test(reason)) return bad(what, reason, `start it, or mend ${address} and ${token}`);
  const fix = `set ${token} to the one that belongs to ${address}: umbel dev prints its own, ${console} shows those of an account`;
  return bad(what, reason.replace(said, ""), fix);
}
