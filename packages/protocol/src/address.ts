/**
 * Where another program is reached, as a setting says it.
 *
 * @module
 */

import { ImproperlyConfigured } from "./errors.ts";

/**
 * An http or https URL without its last slash. One with a name, a password or a query is refused: such a URL ends up in
 * messages and logs, and fetch takes no password in it. Throws `ImproperlyConfigured` that names the setting and never its
 * value, which may be a secret that was put into the wrong variable.
 */
export function baseUrl(setting: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new ImproperlyConfigured(`${setting} is no http or https URL`);
  if (url.username === "" && url.password === "" && !/[?#]/.test(url.href)) return url.href.replace(/\/$/, "");
  throw new ImproperlyConfigured(
    `${setting} is more than an address: a URL here has no user name, password, query or fragment`,
  );
}

/** Whether a URL can only be reached from this machine: localhost, 127.0.0.0/8, ::1. Development values are good there alone. */
export function isLoopback(url: string): boolean {
  return isLoopbackHost(new URL(url).hostname);
}

/** Whether a host name (without port, an address of IPv6 with or without brackets) is this machine's own. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|::1)$/i.test(hostname);
}
