/**
 * One entry of `UMBEL_DESTINATIONS`: some of the places that a gateway may push to.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";

import { addressesIn, addressIn, type AddressRange, isAddressBlock, publicAddresses } from "./http/address-range.ts";

/**
 * Whether a push may go to a URL. Asked when a message comes in, and again before each connection, then with the
 * `address` that it would be made to: what a name means may have changed.
 */
export type Allow = (url: URL, address?: string) => boolean;

/** How an entry is written. */
const forms =
  "any, public, a host (worker.example, *.example.com), an address, a block of them (10.0.0.0/8, fd00::/8); each may " +
  "have http:// or https:// before it and a port after it";

/**
 * Reads `any`, `public`, `10.0.0.0/8`, `*.example.com`, each perhaps with `https://` before it and a port after it.
 * Throws `ImproperlyConfigured`; `what` says which entry it is, and the error does not repeat it.
 */
export function ruleOf(entry: string, what: string): Allow {
  const [, protocol, bracketed, bare, port] = parts.exec(entry.toLowerCase()) ?? [];
  const isTarget = targetRule(bracketed ?? bare ?? "");
  if (isTarget === undefined) throw new ImproperlyConfigured(`${what} is none of ${forms}`);
  return (url, address) =>
    (protocol === undefined || url.protocol === `${protocol}:`) &&
    (port === undefined || portOf(url) === Number(port)) &&
    isTarget(url, address);
}

/** Protocol, what stands in brackets or without them, port. What has two colons is an address of IPv6, and has no port. */
const parts = /^(?:(https?):\/\/)?(?:\[([^\]]+)\]|([^:[\]@]+|[^[\]@]*:[^[\]@]*:[^[\]@]*?))(?::(\d{1,5}))?$/;

function targetRule(target: string): Allow | undefined {
  if (target === "any") return () => true;
  if (target === "public") return inRange(publicAddresses());
  if (isAddressBlock(target)) return inRange(addressesIn([target]));
  const [, wildcard, name = ""] = /^(\*\.)?((?:[a-z\d_-]+\.)*[a-z\d_-]+\.?)$/.exec(target) ?? [];
  if (name === "") return undefined;
  return ({ hostname }) => (wildcard === undefined ? hostname === name : hostname.endsWith(`.${name}`));
}

/** A name may mean anything: that is seen when it is resolved. */
function inRange(range: AddressRange): Allow {
  return (url, address = addressIn(url)) => address === undefined || range(address);
}

function portOf({ port, protocol }: URL): number {
  return port === "" ? ({ "https:": 443 }[protocol] ?? 80) : Number(port);
}
