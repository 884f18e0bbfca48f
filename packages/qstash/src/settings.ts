/**
 * Where QStash is and what opens it: options first, then the environment, then the development values.
 *
 * @module
 */

import { baseUrl, type Environment, isLoopback, isProduction, MissingSettingError, variable } from "@umbel/protocol";

/** Our gateway on a developer's machine. Token and keys are QStash's public ones, good on loopback only (qstash.md 11). */
const development = {
  QSTASH_URL: "http://127.0.0.1:8080",
  QSTASH_TOKEN: "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=",
  QSTASH_CURRENT_SIGNING_KEY: "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r",
  QSTASH_NEXT_SIGNING_KEY: "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs",
} as const;

/** Settings that the program may give itself. */
export interface AccountOptions {
  /** `QSTASH_URL`: the managed service, or a gateway of ours. */
  readonly url?: string;
  /** `QSTASH_TOKEN`. */
  readonly token?: string;
  /** `QSTASH_CURRENT_SIGNING_KEY`; only who receives pushes needs the keys. */
  readonly currentSigningKey?: string;
  /** `QSTASH_NEXT_SIGNING_KEY`: current after the next rotation. */
  readonly nextSigningKey?: string;
}

/** How QStash is reached. */
export interface Account {
  readonly url: string;
  readonly token: string;
}

/** What pushes are signed with. */
export interface SigningKeys {
  readonly currentSigningKey: string;
  readonly nextSigningKey: string;
}

/** Whether one of the keys is a public one: whoever signs with it may be anybody. */
export function arePublic({ currentSigningKey, nextSigningKey }: SigningKeys): boolean {
  const { QSTASH_CURRENT_SIGNING_KEY: one, QSTASH_NEXT_SIGNING_KEY: other } = development;
  return [currentSigningKey, nextSigningKey].some((key) => key === one || key === other);
}

/** Settles on an account. Throws `MissingSettingError`, `ImproperlyConfigured`. */
export function accountOf(options: AccountOptions, environment: Environment): Account {
  const token = options.token ?? variable(environment, "QSTASH_TOKEN");
  const url = options.url ?? variable(environment, "QSTASH_URL") ?? developmentUrl(environment, token);
  const base = baseUrl("QSTASH_URL", url);
  return { url: base, token: token ?? developmentSecret("QSTASH_TOKEN", environment, base) };
}

/** Settles on the keys of an account. Throws `MissingSettingError`. */
export function signingKeysOf(options: AccountOptions, environment: Environment, { url }: Account): SigningKeys {
  const key = (name: "QSTASH_CURRENT_SIGNING_KEY" | "QSTASH_NEXT_SIGNING_KEY"): string =>
    variable(environment, name) ?? developmentSecret(name, environment, url);
  return {
    currentSigningKey: options.currentSigningKey || key("QSTASH_CURRENT_SIGNING_KEY"),
    nextSigningKey: options.nextSigningKey || key("QSTASH_NEXT_SIGNING_KEY"),
  };
}

/** A token of one's own belongs to an account that our gateway does not have. */
function developmentUrl(environment: Environment, token: string | undefined): string {
  if (!isProduction(environment) && token === undefined) return development.QSTASH_URL;
  throw new MissingSettingError("QSTASH_URL", "messages are published there");
}

function developmentSecret(name: keyof typeof development, environment: Environment, url: string): string {
  if (!isProduction(environment) && isLoopback(url)) return development[name];
  throw new MissingSettingError(name, `${new URL(url).host} and its workers trust each other by it`);
}
