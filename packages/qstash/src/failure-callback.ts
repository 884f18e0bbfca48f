/**
 * Reads what QStash posts to a failure callback (qstash.md 6).
 *
 * @module
 */

import { type FailedPush, InvalidMessageError } from "@umbel/protocol";

/** Reads a failure callback. Throws `InvalidMessageError` when it is none. */
export function openFailure(body: string): FailedPush {
  const callback = jsonIn(body);
  if (typeof callback !== "object" || callback === null) throw noCallback("it is no object");
  if (!("sourceBody" in callback) || typeof callback.sourceBody !== "string") throw noCallback("it has no sourceBody");
  if (!("status" in callback) || typeof callback.status !== "number") throw noCallback("it has no status");
  return { body: textIn(callback.sourceBody), status: callback.status };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw noCallback("it is no JSON", cause);
  }
}

function textIn(base64: string): string {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw noCallback("sourceBody is no text in base64", cause);
  }
}

function noCallback(reason: string, cause?: unknown): InvalidMessageError {
  return new InvalidMessageError(`qstash: this is no failure callback: ${reason}`, { cause });
}
