/**
 * Writes events as they are published.
 *
 * @module
 */

import { encodeEvent, eventChannel, type EventLetter } from "@umbel/protocol";
import type { Platform } from "./platform.ts";

/** What an event says, and who says it. */
export interface Told {
  /** Name of the node, `worker@shop`. */
  readonly hostname: string;
  readonly [field: string]: unknown;
}

/**
 * An event that happens now, on its way to whoever watches. It has no clock of Lamport's: who cannot keep a true one leaves
 * it out (celery-wire.md 10). Throws `EncodeError` for fields that are no JSON.
 */
export function letterOf({ platform }: { readonly platform: Platform }, type: string, told: Told): EventLetter {
  const event = { timestamp: platform.now() / 1000, ...told, type };
  return { channel: eventChannel(type), text: encodeEvent(event, { deliveryTag: crypto.randomUUID() }) };
}
