/**
 * Where another program is reached, as a setting says it.
 *
 * @module
 */

import { ImproperlyConfigured } from "./errors.ts";

/** An http or https URL without its last slash. Throws `ImproperlyConfigured` that names the setting. */
export function baseUrl(setting: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url.href.replace(/\/$/, "");
  throw new ImproperlyConfigured(`${setting}: ${JSON.stringify(text)} is no http or https URL`);
}

/** Whether a URL can only be reached from this machine: localhost, 127.0.0.0/8, ::1. Development values are good there alone. */
export function isLoopback(url: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);
}
