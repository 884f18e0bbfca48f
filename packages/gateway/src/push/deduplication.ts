/**
 * When two submissions are one (qstash.md section 9).
 *
 * @module
 */

import { createHash } from "node:crypto";

import type { Draft } from "./message.ts";

/** Milliseconds for which a submission is remembered, also when it was delivered meanwhile. */
export const deduplicationWindow = 600_000;

/**
 * The key under which a submission is one with others: the publisher's own id, or what goes to the destination.
 * `undefined` when the publisher asks for neither.
 */
export function deduplicationKey(headers: Headers, draft: Draft, body: Uint8Array): string | undefined {
  const id = headers.get("upstash-deduplication-id");
  if (id !== null) return `id:${id}`;
  if (headers.get("upstash-content-based-deduplication")?.toLowerCase() !== "true") return undefined;

  const hash = createHash("sha256").update(JSON.stringify([draft.url, Object.entries(draft.headers)]));
  return `content:${hash.update("\n").update(body).digest("base64url")}`;
}
