/**
 * Answers to what is not begun here for now: the broker comes back later and later, and nothing is lost or fails by it.
 *
 * @module
 */

import { type Application, isOwnTask, printable, problem, workerLogger } from "@umbel/core";
import type { Delivery } from "./deliver.ts";

/** Longest time after which a broker is to come back, in seconds. */
export const longestWait = 3600;

/**
 * Seconds after which it comes back at first; each time twice as many, up to an hour, so that the broker's 30 retries last for
 * a day.
 */
const pause = 60;

/** Come back later, for this reason. */
export function putOff({ retried = 0 }: Delivery, detail: string): Response {
  const seconds = Math.min(longestWait, pause * 2 ** retried);
  return problem({ status: 503, code: "PAUSED", detail }, { "retry-after": String(seconds) });
}

/** Whether the endpoint was told which queues are its own, and this is of another. Our own tasks are of none. */
export function isLeftOut({ endpoint, queue, message }: Delivery): boolean {
  return endpoint?.serves?.has(queue) === false && !isOwnTask(message.headers.task);
}

/** Come back later: another worker may stand here by then. The log says so, once for each queue. */
export function leaveOut(app: Application, delivery: Delivery): Response {
  const { endpoint, queue, hostname } = delivery;
  const detail = `Nothing of the queue "${printable(queue)}" is begun by ${hostname}: it serves other queues`;
  if (endpoint?.leftOut.has(queue) === false) {
    endpoint.leftOut.add(queue);
    const remedy =
      "What is sent to it is put off until another worker stands here; UMBEL_QUEUES names the worker of a queue";
    app.logger({ logger: workerLogger }).warning(`${detail}. ${remedy}`);
  }
  return putOff(delivery, detail);
}
