/**
 * Where the store is, and what opens it: options first, then the environment, then the development address.
 *
 * @module
 */

import { type Environment, ImproperlyConfigured, MissingSettingError } from "@umbel/protocol";

/** The two settings; either may come from the program. */
export interface Address {
  readonly url: string;
  readonly token: string;
}

/** Where our gateway listens on a developer's machine, and the token that it accepts on loopback (delivery.md 22). */
const development: Address = { url: "http://127.0.0.1:8079", token: "umbel-dev" };

/** Settles on an address. Throws `MissingSettingError`, `ImproperlyConfigured`. */
export function addressOf(options: Partial<Address>, environment: Environment): Address {
  const token = options.token ?? set(environment, "UPSTASH_REDIS_REST_TOKEN");
  const url = urlOf(options.url ?? set(environment, "UPSTASH_REDIS_REST_URL") ?? developmentUrl(environment, token));
  return { url: url.href.replace(/\/$/, ""), token: token ?? developmentToken(environment, url) };
}

/** A variable; an empty one is not set. */
function set(environment: Environment, name: string): string | undefined {
  return environment(name) || undefined;
}

/** A token of one's own belongs to a store that our gateway does not have. */
function developmentUrl(environment: Environment, token: string | undefined): string {
  if (isProduction(environment) || token !== undefined) throw missing("UPSTASH_REDIS_REST_URL");
  return development.url;
}

function developmentToken(environment: Environment, url: URL): string {
  if (isProduction(environment) || !isLoopback(url)) throw missing("UPSTASH_REDIS_REST_TOKEN");
  return development.token;
}

function isProduction(environment: Environment): boolean {
  return environment("NODE_ENV") === "production";
}

function missing(setting: string): MissingSettingError {
  return new MissingSettingError(setting, "the Redis over REST in which states and results are kept");
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new ImproperlyConfigured(`UPSTASH_REDIS_REST_URL is no http or https URL: ${JSON.stringify(text)}`);
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
