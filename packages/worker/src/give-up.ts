/**
 * What happens to a message that the broker has given up (delivery.md 11).
 *
 * @module
 */

import type { Application } from "@umbel/core";
import { type FailedPush, InvalidMessageError, type TaskMessage } from "@umbel/protocol";
import { deliver, type Serving } from "./deliver.ts";
import { isRefusal, orRefusal, readPush } from "./read-push.ts";
import { refuseMessage } from "./receive.ts";

/**
 * Handles a failure callback: ends the task unless it has ended, and tells once that is acknowledged. One that is no message
 * was told of when it was refused.
 */
export async function giveUp(app: Application, serving: Serving, callback: string): Promise<Response> {
  const lost = await orRefusal(() => app.broker.openFailure(callback));
  if (isRefusal(lost)) return refuseMessage(lost);
  const pushed = await orRefusal(async () => await readPush(lost.body));
  if (pushed instanceof InvalidMessageError) return await buried(app, serving, { lost });
  if (isRefusal(pushed)) return refuseMessage(pushed);
  const { message } = pushed;
  // What was answered 489 had ended; without a backend nobody else would remember that.
  if (lost.status === 489 && !app.hasBackend) return await buried(app, serving, { lost, message });
  const queue = message.properties.queue ?? app.conf.taskDefaultQueue;
  const response = await deliver(app, { ...serving, message, queue, redelivered: true, undeliverable: true });
  if (response.ok) await tell(app, serving, { lost, message });
  return response;
}

interface Dead {
  readonly lost: FailedPush;
  readonly message?: TaskMessage;
}

async function buried(app: Application, serving: Serving, dead: Dead): Promise<Response> {
  await tell(app, serving, dead);
  return Response.json({ state: "rejected" });
}

async function tell({ signals }: Application, { hostname }: Serving, { lost, message }: Dead): Promise<void> {
  const { task = null, id = null } = message?.headers ?? {};
  await signals.messageDead.send(hostname, { message: message ?? lost.body, task, id, status: lost.status });
}
