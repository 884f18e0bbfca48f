/**
 * Who may use an endpoint: whoever knows its token.
 *
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";

/** Creates a check whether a text is the token; how long it takes says nothing about how much of it is right. */
export function createTokenCheck(token: string): (text: string) => boolean {
  const wanted = digest(token);
  return (text) => timingSafeEqual(digest(text), wanted);
}

/** The token that a request brings: in its header, or, where a sender cannot set one, under a key of its query. */
export function tokenIn(request: Request, queryKey: string): string | undefined {
  return bearerIn(request.headers) ?? new URL(request.url).searchParams.get(queryKey) ?? undefined;
}

/** What stands after `Bearer`. */
export function bearerIn(headers: Headers): string | undefined {
  return /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
}

/** Of equal length, whatever the text's. */
function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
