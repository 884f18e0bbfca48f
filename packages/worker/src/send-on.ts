/**
 * Sends a message on that has come before its task is due (delivery.md 19).
 *
 * @module
 */

import { type Application, hop, perform, retentionOf } from "@umbel/core";
import { type Fence, readDate } from "@umbel/protocol";
import type { Delivery } from "./deliver.ts";

/** Stores that the message is to go on, and sends it: as an attempt that is put back, of which readers see nothing. */
export async function sendOn(app: Application, { message, queue }: Delivery, fence: Fence): Promise<Response> {
  const { id, eta } = message.headers;
  const dueAt = typeof eta === "string" ? readDate(eta) : null;
  const effects = [hop(message, queue)];
  const retention = retentionOf(app, dueAt);
  const finish = await app.backend.finish({ id, fence, state: "REJECTED", effects, retention });
  await perform(app, finish.effects);
  return Response.json({ state: "early" });
}
