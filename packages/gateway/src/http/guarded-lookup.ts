/**
 * Finds the addresses of a host, and gives out those only that a connection may be made to.
 *
 * The connection is made to an address that was judged, so that a name which means another one the next moment gains
 * nothing.
 *
 * @module
 */

import { ADDRCONFIG, type LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import type { LookupFunction } from "node:net";

import type { AddressRange } from "./address-range.ts";

/** The addresses of a host name, best first. Rejects when there are none. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** As every other program on this machine does. */
export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true, hints: ADDRCONFIG });

/** Creates what `node:net` takes as its `lookup`. */
export function guardedLookup(isAllowed: AddressRange, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => void find(hostname, options.all === true, callback);

  async function find(hostname: string, isForAll: boolean, callback: Callback): Promise<void> {
    const [found, error] = await addressesOf(hostname);
    const [first] = found;
    if (first === undefined) callback(error ?? notAllowed(hostname), "");
    else if (isForAll) callback(null, [...found]);
    else callback(null, first.address, first.family);
  }

  async function addressesOf(hostname: string): Promise<[readonly LookupAddress[], Error?]> {
    try {
      return [(await resolve(hostname)).filter(({ address }) => isAllowed(address))];
    } catch (error) {
      return [[], error instanceof Error ? error : new Error(String(error))];
    }
  }
}

type Callback = Parameters<LookupFunction>[2];

/** What the name means is not the publisher's to know. */
function notAllowed(hostname: string): Error {
  return new Error(`This gateway may not push to the address of ${hostname}`);
}
