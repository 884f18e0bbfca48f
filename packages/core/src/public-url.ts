/**
 * The URL under which a broker knows an endpoint: what its pushes are signed for (delivery.md 24).
 *
 * @module
 */

/**
 * The public URL of a request; its own `url` where no public address is configured. A proxy may leave the address's path
 * in the request's, or cut it off.
 */
export function publicUrlOf(url: string, address: string | undefined): string {
  if (address === undefined) return url;
  const { pathname } = new URL(url);
  const { origin, pathname: base } = new URL(address);
  const prefix = base.replace(/\/$/, "");
  return origin + (pathname.startsWith(`${prefix}/`) ? pathname : prefix + pathname);
}
