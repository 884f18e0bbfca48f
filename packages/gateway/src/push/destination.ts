/**
 * Where a message is to go, as it stands in a request's path.
 *
 * @module
 */

import type { Allow } from "../destination-rule.ts";
import { RequestError } from "./request-error.ts";

/** A destination, and the settings that stood in its query. */
export interface PathDestination {
  /** Without the gateway's own query keys; otherwise to the letter, `//` and all. */
  readonly destination: string;
  /** `upstash-…` keys: they mean what the headers of that name mean. */
  readonly settings: readonly (readonly [name: string, value: string])[];
}

/**
 * What follows `prefix` in a request's URL. It is cut out of the text: a router, or a parsed URL, would not give it back
 * as it was sent.
 */
export function destinationAfter(prefix: string, requestUrl: string): PathDestination {
  const text = requestUrl.slice(requestUrl.indexOf(prefix) + prefix.length);
  const [path = "", query] = splitOnce(text, "?");
  const parts = query?.split("&") ?? [];
  const kept = parts.filter((part) => !isOurs(part));
  const ours = new URLSearchParams(parts.filter((part) => isOurs(part)).join("&"));

  return {
    destination: kept.length > 0 ? `${path}?${kept.join("&")}` : path,
    settings: [...ours].filter(([name]) => name.startsWith("upstash-")),
  };
}

function isOurs(part: string): boolean {
  return /^(upstash-[a-z\d_-]+|qstash_token)=/.test(part);
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * Returns a destination that is an HTTP URL and allowed; throws `RequestError` otherwise. `what` names its place in
 * the request.
 */
export function checkDestination(text: string, what: string, allow: Allow): string {
  if (!/^https?:\/\//i.test(text)) throw notAUrl(text, what);
  if (!URL.canParse(text)) throw new RequestError(400, `${what}: "${text}" is not a valid URL`);
  if (!allow(new URL(text))) {
    throw new RequestError(
      400,
      `${what}: this gateway may not push to ${new URL(text).origin}; its operator decides which addresses are allowed`,
    );
  }
  return text;
}

function notAUrl(text: string, what: string): RequestError {
  if (text.startsWith("api/"))
    return new RequestError(
      501,
      `${what}: the "${text}" integration is not offered by this gateway; publish to its URL`,
    );
  if (/^[\w.-]+$/.test(text)) {
    return new RequestError(
      501,
      `${what}: "${text}" would be a URL group, which this gateway does not have yet; publish to URLs (a batch takes many)`,
    );
  }
  return new RequestError(400, `${what}: "${text}" must begin with http:// or https://`);
}
