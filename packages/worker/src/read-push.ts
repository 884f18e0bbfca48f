/**
 * Reads a push: a message, or the message that a guard carries.
 *
 * @module
 */

import { guardedBy } from "@umbel/core";
import { decodePush, InvalidMessageError, UnsupportedVersionError } from "@umbel/protocol";
import type { Delivery } from "./deliver.ts";

/** What a push is about. */
export type Pushed = Pick<Delivery, "message" | "undeliverable">;

/**
 * Reads it. Nobody else will deliver what a guard carries. Throws `InvalidMessageError` for what is no message, and
 * `UnsupportedVersionError` for a newer worker's.
 */
export async function readPush(body: string): Promise<Pushed> {
  const message = await decodePush(body);
  const guarded = await guardedBy(message);
  return guarded === undefined ? { message } : { message: guarded, undeliverable: true };
}

/** Why something that arrived cannot be read. A record that cannot be read is no fault of the message that asks for it. */
export type Refusal = InvalidMessageError | UnsupportedVersionError;

/** What was read, or why it cannot be. */
export async function orRefusal<Read>(read: () => Read | Promise<Read>): Promise<Read | Refusal> {
  try {
    return await read();
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
}

/** Whether it could not be read. */
export function isRefusal(read: unknown): read is Refusal {
  return read instanceof InvalidMessageError || read instanceof UnsupportedVersionError;
}
