/**
 * Signed links: the right to read one result, for a while, in a URL.
 *
 * @module
 */

import { isSameSecret } from "@umbel/core";

/** What a link grants and until when. */
export interface Link {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** The query that grants reading: `expires=...&signature=...`. */
export async function linkTo(secret: string, link: Link): Promise<string> {
  const query = new URLSearchParams({ expires: String(link.expires), signature: await sign(secret, link) });
  return query.toString();
}

/** Whether a query grants reading `id` at `now`. Takes the same time wherever the signature is wrong. */
export async function grants(
  secret: string,
  query: { readonly id: string; readonly expires: string | undefined; readonly signature: string | undefined },
  now: number,
): Promise<boolean> {
  const expires = Number(query.expires ?? Number.NaN);
  if (query.signature === undefined || !(expires > now)) return false;
  return await isSameSecret(query.signature, await sign(secret, { id: query.id, expires }));
}

async function sign(secret: string, { id, expires }: Link): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, encoder.encode(`${expires}\n${id}`));
  return Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
