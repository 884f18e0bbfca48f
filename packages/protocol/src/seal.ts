/**
 * Writes kombu's envelope (celery-wire.md 2). Apart from what reads one, for programs that only send.
 *
 * @module
 */

import { toBase64 } from "./base64.ts";
import type { Envelope, Letter } from "./envelope.ts";
import { writeJson } from "./json.ts";

/** Puts a body into an envelope, as JSON in base64. Throws `EncodeError` when the body is not JSON. */
export function seal(letter: Letter): string {
  return writeJson({
    body: toBase64(writeJson(letter.body)),
    "content-encoding": "utf-8",
    "content-type": "application/json",
    headers: letter.headers,
    properties: { priority: 0, ...letter.properties, body_encoding: "base64" },
  } satisfies Envelope);
}
