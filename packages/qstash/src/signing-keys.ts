/**
 * What pushes are signed with: options first, then the environment, then the development values. Only who receives pushes
 * needs it.
 *
 * @module
 */

import { variable } from "@umbel/protocol";
import { isLocal, missingSecret, type Opening } from "./settings.ts";

/** QStash's public keys, good on loopback only (qstash.md 11). */
const development = {
  QSTASH_CURRENT_SIGNING_KEY: "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r",
  QSTASH_NEXT_SIGNING_KEY: "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs",
} as const;

/** The key of now, and the one that is current after the next rotation. */
export interface SigningKeys {
  readonly currentSigningKey: string;
  readonly nextSigningKey: string;
}

/** Whether one of the keys is a public one: whoever signs with it may be anybody. */
export function arePublic({ currentSigningKey, nextSigningKey }: SigningKeys): boolean {
  const known: readonly string[] = Object.values(development);
  return known.includes(currentSigningKey) || known.includes(nextSigningKey);
}

/** Settles on the keys of an account. Throws `MissingSettingError`. */
export function signingKeysOf({ options, environment, account }: Opening): SigningKeys {
  const key = (name: keyof typeof development): string => {
    const set = variable(environment, name);
    if (set !== undefined) return set;
    if (isLocal(environment, account.url)) return development[name];
    throw missingSecret(name, account.url);
  };
  return {
    currentSigningKey: options.currentSigningKey || key("QSTASH_CURRENT_SIGNING_KEY"),
    nextSigningKey: options.nextSigningKey || key("QSTASH_NEXT_SIGNING_KEY"),
  };
}
