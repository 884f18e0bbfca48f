/**
 * The gateway's secrets, from the environment; in development the public ones (delivery.md 22).
 *
 * @module
 */

import {
  type Environment,
  ImproperlyConfigured,
  isLoopbackHost,
  isProduction,
  MissingSettingError,
} from "@umbel/protocol";

import { developmentSigningKeys, developmentToken } from "./push/development-keys.ts";

/** The token of Redis over REST in development. */
export const developmentRestToken = "umbel-dev";

/** Who may use the gateway, and what it signs with. */
export interface Credentials {
  readonly token: string;
  readonly currentSigningKey: string;
  readonly nextSigningKey: string;
  readonly restToken: string;
}

/**
 * Reads the credentials of a gateway that listens on `hostname`. What is not set has its development value, but these
 * are public: anywhere but on loopback, and in production, they are an error (`MissingSettingError` when nothing is
 * set, `ImproperlyConfigured` when the public value is).
 */
export function readCredentials(environment: Environment, hostname: string): Credentials {
  const isPublicGood = isLoopbackHost(hostname) && !isProduction(environment);

  function read(name: string, development: string): string {
    const value = environment(name) ?? "";
    if (isPublicGood) return value === "" ? development : value;
    if (value === "")
      throw new MissingSettingError(
        name,
        "the public development value is good on loopback only, and not in production",
      );
    if (value === development)
      throw new ImproperlyConfigured(`${name} has the public development value, which everybody knows`);
    return value;
  }

  return {
    token: read("QSTASH_TOKEN", developmentToken),
    currentSigningKey: read("QSTASH_CURRENT_SIGNING_KEY", developmentSigningKeys.current),
    nextSigningKey: read("QSTASH_NEXT_SIGNING_KEY", developmentSigningKeys.next),
    restToken: read("UPSTASH_REDIS_REST_TOKEN", developmentRestToken),
  };
}
