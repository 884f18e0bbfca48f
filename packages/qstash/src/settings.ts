/**
 * Where QStash is and what opens it: options first, then the environment, then the development values.
 *
 * @module
 */

import { baseUrl, type Environment, isLoopback, isProduction, MissingSettingError, variable } from "@umbel/protocol";

/** Our gateway on a developer's machine. The token is QStash's public one, good on loopback only (qstash.md 11). */
const development = {
  QSTASH_URL: "http://127.0.0.1:8080",
  QSTASH_TOKEN: "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=",
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

/** What an account is settled from, and what it came to. */
export interface Opening {
  readonly options: AccountOptions;
  readonly environment: Environment;
  readonly account: Account;
  /** Seconds that a call of QStash's API may take. */
  readonly requestTimeout: number;
}

/** How QStash is reached. */
export interface Account {
  readonly url: string;
  readonly token: string;
}

/** Settles on an account. Throws `MissingSettingError`, `ImproperlyConfigured`. */
export function accountOf(options: AccountOptions, environment: Environment): Account {
  const token = options.token ?? variable(environment, "QSTASH_TOKEN");
  const url = options.url ?? variable(environment, "QSTASH_URL") ?? developmentUrl(environment, token);
  const base = baseUrl("QSTASH_URL", url);
  return { url: base, token: token ?? developmentToken(environment, base) };
}

/** A token of one's own belongs to an account that our gateway does not have. */
function developmentUrl(environment: Environment, token: string | undefined): string {
  const purpose = "messages are published there";
  if (isProduction(environment)) throw new MissingSettingError("QSTASH_URL", purpose);
  if (token === undefined) return development.QSTASH_URL;
  const reason = "the gateway's development address is not used because QSTASH_TOKEN is set";
  throw new MissingSettingError("QSTASH_URL", `${purpose}; ${reason}`);
}

function developmentToken(environment: Environment, url: string): string {
  if (isLocal(environment, url)) return development.QSTASH_TOKEN;
  throw missingSecret("QSTASH_TOKEN", url);
}

/** Whether development's public secrets will do: on this machine, and not in production. */
export function isLocal(environment: Environment, url: string): boolean {
  return !isProduction(environment) && isLoopback(url);
}

/** Whether it is the gateway on a developer's machine, which everybody may use there. */
export function isDevelopment(environment: Environment, { url, token }: Account): boolean {
  return token === development.QSTASH_TOKEN && isLocal(environment, url);
}

/** The error for a secret of an account that is not set. */
export function missingSecret(name: string, url: string): MissingSettingError {
  return new MissingSettingError(name, `${new URL(url).host} and its workers trust each other by it`);
}
