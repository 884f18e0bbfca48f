/**
 * Sets of IP addresses.
 *
 * @module
 */

import { BlockList, isIP } from "node:net";

/** Whether an address is in a set. */
export type AddressRange = (address: string) => boolean;

/** Blocks that are of no use, or of another use, on the public internet (IANA's registries of special-purpose addresses). */
const special = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
  "2001::/23",
  "2001:db8::/32",
  // 6to4: an IPv4 address, private or not, in another dress.
  "2002::/16",
  "3fff::/20",
];

/** All that IPv6 has given out so far: what maps or translates IPv4 addresses, and what is local, lies outside. */
const unicast6 = "2000::/3";

/** The addresses that anybody on the internet means by them. */
export function publicAddresses(): AddressRange {
  const isSpecial = addressesIn(special);
  const isUnicast6 = addressesIn([unicast6]);
  return (address) => !isSpecial(address) && (isIP(address) === 4 || isUnicast6(address));
}

/** The addresses in some blocks: `10.0.0.0/8`, `fd00::/8`, `10.1.2.3`. An IPv4 address that is mapped into IPv6 is in the blocks of IPv4. */
export function addressesIn(blocks: readonly string[]): AddressRange {
  const list = new BlockList();
  for (const block of blocks) {
    const [network = "", prefix] = block.split("/");
    const isSix = isIP(network) === 6;
    list.addSubnet(network, Number(prefix ?? (isSix ? 128 : 32)), isSix ? "ipv6" : "ipv4");
  }
  return (address) => {
    // A resolver may say by which interface a link-local one is reached.
    const [plain = ""] = address.split("%");
    return isIP(plain) !== 0 && list.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
  };
}

/** Whether a text is an address or a block of addresses. */
export function isAddressBlock(text: string): boolean {
  const [network = "", prefix = "0", ...rest] = text.split("/");
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(network)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= longest;
}

/** The address that is written in a URL, which has brought it into its usual form; `undefined` when a name is. */
export function addressIn(url: URL): string | undefined {
  const address = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(address) === 0 ? undefined : address;
}
