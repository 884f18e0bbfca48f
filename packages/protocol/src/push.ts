/**
 * The body of a push: a task message in a form of ours, or in kombu's envelope (delivery.md 1).
 *
 * @module
 */

import { decode } from "./decode.ts";
import { InvalidMessageError, UnsupportedVersionError } from "./errors.ts";
import { isPlainObject } from "./json-value.ts";
import { parseJson, writeJson } from "./json.ts";
import { type PushEnvelope, TaskMessage } from "./message.ts";
import { repr } from "./repr.ts";
import { openTask } from "./task-envelope.ts";

/** Version of the form that is written here. */
const version = 1;

/** Writes a message as the body of a push. Throws `EncodeError` when a value in it is not JSON. */
export function encodePush({ headers, properties, body }: TaskMessage): string {
  return writeJson({ v: version, headers, properties, body } satisfies PushEnvelope);
}

/**
 * Reads the body of a push, of our form or kombu's. Throws `InvalidMessageError` that names the field when it is no
 * message, `UnsupportedVersionError` (transient: a newer worker can read it) when its version is not known here.
 */
export async function decodePush(text: string): Promise<TaskMessage> {
  const value = parseJson(text);
  if (!isPlainObject(value)) throw new InvalidMessageError("Push: expected an object");
  if (!Object.hasOwn(value, "v")) return openTask(value);
  if (value["v"] !== version) {
    throw new UnsupportedVersionError(`Push: version ${repr(value["v"])} is not known, only ${version} is`);
  }
  const { headers, properties, body } = decode(TaskMessage, value, "Push");
  return { headers, properties, body };
}
