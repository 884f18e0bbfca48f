/**
 * Sends a message on that has come before its task is due (delivery.md 19), or while an operator wants nothing of its queue
 * begun.
 *
 * @module
 */

import { type Application, canvasWord, foldedEffects, hop, perform, retentionOf } from "@umbel/core";
import { type Fence, type Finish, type FinishRequest, MessageTooLargeError, readDate } from "@umbel/protocol";
import type { Delivery } from "./deliver.ts";
import { ofCanvas } from "./of-canvas.ts";

/** Stores that the message is to go on, and sends it: as an attempt that is put back, of which readers see nothing. */
export async function sendOn(app: Application, { message, queue }: Delivery, fence: Fence): Promise<Response> {
  const { id, eta } = message.headers;
  const dueAt = typeof eta === "string" ? readDate(eta) : null;
  const effects = [hop(message, queue)];
  const retention = retentionOf(app, dueAt);
  const canvas = ofCanvas(canvasWord(message));
  const finish = await store(app, { id, fence, state: "REJECTED", effects, retention, ...canvas });
  await perform(app, finish.effects, { areTold: true });
  return Response.json({ state: "early" });
}

/** The broker's largest message may be too large for the store with what is around it: its arguments are kept apart then. */
async function store(app: Application, request: FinishRequest): Promise<Finish> {
  try {
    return await app.backend.finish(request);
  } catch (error) {
    if (!(error instanceof MessageTooLargeError)) throw error;
    const effects = await foldedEffects(app, request.effects, { foldsArguments: true });
    return await app.backend.finish({ ...request, effects });
  }
}
