/**
 * The URL under which a broker knows an endpoint: what its pushes are signed for (delivery.md 24).
 *
 * @module
 */

import { baseUrl } from "@umbel/protocol";

/**
 * The public URL of a request; its own `url` where no public address is configured. A proxy may leave the address's path
 * in the request's, or cut it off. Throws `ImproperlyConfigured` for an address that is none.
 */
export function publicUrlOf(url: string, address: string | undefined): string {
  if (address === undefined) return url;
  const { pathname } = new URL(url);
  const base = baseUrl("UMBEL_PUBLIC_URL", address);
  const { origin, pathname: prefix } = new URL(base);
  return pathname.startsWith(`${prefix}/`) ? origin + pathname : base + pathname;
}
