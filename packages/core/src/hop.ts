/**
 * A message that arrives before its task is due, for its broker holds nothing longer: it is sent on (delivery.md 19).
 *
 * It is claimed as any other, so that a revoked or expired task ends now, and is put back under the next generation: the
 * outbox heals a crash, and whoever gets the message twice sends one.
 *
 * @module
 */

import { type Effect, readDate, type TaskMessage } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { publicationFor } from "./publication.ts";

/** Whether a message has come early, as whoever sent it has marked it. */
export function isEarly({ platform }: CallingApplication, { headers, properties }: TaskMessage): boolean {
  const { eta } = headers;
  return properties.early === true && typeof eta === "string" && readDate(eta) > platform.now();
}

/** What sends it on, to where it came from. */
export function hop({ headers, properties, body }: TaskMessage, queue: string): Effect {
  const { early: _, ...kept } = properties;
  const message = { headers, properties: { ...kept, generation: (properties.generation ?? 0) + 1 }, body };
  return { kind: "send", publication: publicationFor(message, { queue }) };
}
