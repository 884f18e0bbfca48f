/**
 * Addresses that flags say in place of variables.
 *
 * @module
 */

import process from "node:process";
import { UsageError } from "./failure.ts";

/** The addresses that were said. */
export interface AddressFlags {
  readonly broker?: string;
  readonly resultBackend?: string;
}

/** Where the gateway listens are the examples. */
const addresses = {
  broker: { variable: "QSTASH_URL", flag: "-b", example: "http://127.0.0.1:8080" },
  resultBackend: { variable: "UPSTASH_REDIS_REST_URL", flag: "--result-backend", example: "http://127.0.0.1:8079" },
} as const satisfies Record<keyof AddressFlags, object>;

/** Sets the variables: adapters read them when they are first needed, which is later. Throws `UsageError`. */
export function useAddresses(flags: AddressFlags): void {
  for (const [name, url] of given(flags)) {
    const { variable, flag, example } = addresses[name];
    if (!/^https?:/.test(url) || !URL.canParse(url)) {
      throw new UsageError(`${flag} takes an address such as ${example}, not "${url}"`);
    }
    process.env[variable] = url;
  }
}

/** A sentence that tells of variables, with the flags in place of those that they have set. */
export function asCalled(text: string, flags: AddressFlags): string {
  let told = text;
  for (const [name] of given(flags)) {
    const { variable, flag } = addresses[name];
    told = told.replaceAll(new RegExp(`\\b${variable}\\b`, "g"), flag);
  }
  return told;
}

function given({ broker, resultBackend }: AddressFlags): readonly (readonly [keyof AddressFlags, string])[] {
  return [
    ...(broker === undefined ? [] : [["broker", broker] as const]),
    ...(resultBackend === undefined ? [] : [["resultBackend", resultBackend] as const]),
  ];
}
