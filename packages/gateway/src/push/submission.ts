/**
 * Turns requests into submissions.
 *
 * @module
 */

import { deduplicationKey } from "./deduplication.ts";
import { type Policy, readDraft } from "./draft.ts";
import type { Submission } from "./message.ts";
import { RequestError } from "./request-error.ts";

/** One message as a request brings it. */
export interface SubmissionRequest {
  readonly destination: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly queue?: string | undefined;
  readonly callerIp?: string | undefined;
}

/** Reads a message. Throws `RequestError`. */
export function readSubmission(
  { destination, headers, body, queue, callerIp }: SubmissionRequest,
  policy: Policy,
): Submission {
  const draft = readDraft(destination, headers, policy);
  const key = deduplicationKey(headers, draft, body);
  return {
    draft: queue === undefined ? draft : { ...draft, queue: checkName(queue, "queue") },
    body,
    ...(key !== undefined && { deduplicationKey: key }),
    ...(callerIp !== undefined && { callerIp }),
  };
}

/** Reads an item of a batch: `{ destination, headers?, body?, queue? }`. Throws `RequestError`. */
export function readItem(item: unknown, callerIp: string | undefined, policy: Policy): Submission {
  if (!isRecord(item)) throw new RequestError(400, "An item of a batch is an object with a destination");
  const { destination, queue, body } = item;
  if (typeof destination !== "string")
    throw new RequestError(400, "destination: an item of a batch needs one, as text");
  if (queue !== undefined && typeof queue !== "string") throw new RequestError(400, "queue: the name is a text");
  const headers = readHeaders(item["headers"] ?? {});
  return readSubmission({ destination, headers, body: bytesOf(body), queue, callerIp }, policy);
}

/**
 * Returns a name that QStash allows; throws `RequestError` otherwise. `what` is what it is the name of. `.` and `..` stand
 * for another place in a path: nobody could read or delete what has such a name, so dots alone are none.
 */
export function checkName(name: string, what: string): string {
  if (/^[\w.-]+$/.test(name) && /[^.]/.test(name)) return name;
  throw new RequestError(
    400,
    `"${name}" is no name for a ${what}: use letters, digits, "-", "_" and ".", and not dots alone`,
  );
}

/** Whether a value of JSON is an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readHeaders(value: unknown): Headers {
  if (!isRecord(value)) throw new RequestError(400, "headers: an object of texts");
  const headers = new Headers();
  for (const [name, text] of Object.entries(value)) {
    try {
      headers.append(name, String(text));
    } catch {
      // What the platform says quotes the value, which may be a secret.
      throw new RequestError(400, `headers: ${JSON.stringify(name)}, or its value, cannot stand in a request`);
    }
  }
  return headers;
}

/** A text goes as it is; any other value, which Workflow's clients send, as JSON. */
function bytesOf(body: unknown): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}
