/**
 * Where the store is, and what opens it: options first, then the environment, then the development address.
 *
 * @module
 */

import { baseUrl, type Environment, isLoopback, isProduction, MissingSettingError, variable } from "@umbel/protocol";

/** The two settings; either may come from the program. */
export interface Address {
  readonly url: string;
  readonly token: string;
}

/** Where our gateway listens on a developer's machine, and the token that it accepts on loopback (delivery.md 22). */
const development: Address = { url: "http://127.0.0.1:8079", token: "umbel-dev" };

/** Settles on an address. Throws `MissingSettingError`, `ImproperlyConfigured`. */
export function addressOf(options: Partial<Address>, environment: Environment): Address {
  const token = options.token ?? variable(environment, "UPSTASH_REDIS_REST_TOKEN");
  const url = options.url ?? variable(environment, "UPSTASH_REDIS_REST_URL") ?? developmentUrl(environment, token);
  const base = baseUrl("UPSTASH_REDIS_REST_URL", url);
  return { url: base, token: token ?? developmentToken(environment, base) };
}

/** A token of one's own belongs to a store that our gateway does not have. */
function developmentUrl(environment: Environment, token: string | undefined): string {
  if (isProduction(environment)) throw missing("UPSTASH_REDIS_REST_URL");
  if (token === undefined) return development.url;
  const reason = "the gateway's development address is not used because UPSTASH_REDIS_REST_TOKEN is set";
  throw missing("UPSTASH_REDIS_REST_URL", `; ${reason}`);
}

function developmentToken(environment: Environment, url: string): string {
  if (isProduction(environment) || !isLoopback(url)) throw missing("UPSTASH_REDIS_REST_TOKEN");
  return development.token;
}

function missing(setting: string, reason = ""): MissingSettingError {
  return new MissingSettingError(setting, `the Redis over REST in which states and results are kept${reason}`);
}
