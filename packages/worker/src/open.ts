/**
 * A task that is held, with what its message refers to (delivery.md 4).
 *
 * @module
 */

import { type Application, requestOf, type TaskRequest, unfoldedToRun } from "@umbel/core";
import type { Delivery } from "./deliver.ts";
import type { Work } from "./end.ts";

/** A delivery that can be run, and the request of its message. */
export interface Opened {
  readonly delivery: Delivery;
  readonly request: TaskRequest;
}

/** With the texts that came with the claim, and others if these refer to some. Throws `BackendUnavailable`. */
export async function open(app: Application, delivery: Delivery, { request, held }: Work): Promise<Opened> {
  const message = await unfoldedToRun(app, delivery.message, held);
  if (message === delivery.message) return { delivery, request };
  const limits = { hard: request.timeLimit, soft: request.softTimeLimit };
  return { delivery: { ...delivery, message }, request: requestOf(message, { ...delivery, limits }) };
}

/** Whether arguments that were kept in the store are gone. */
export function isWithoutArguments({ message: { body } }: Delivery): boolean {
  const { given } = body[2] ?? {};
  return given !== null && given !== undefined;
}
