/**
 * How long an attempt may take, once operators have been heard.
 *
 * @module
 */

import {
  type Application,
  directedLimits,
  requestOf,
  type TaskRequest,
  type TimeLimits,
  timeLimitsOf,
} from "@umbel/core";
import type { Delivery } from "./deliver.ts";

/** What operators say of the task's limits wins over the message, in which is what its task said when it was sent. */
export function limitsOf(app: Application, { message: { headers } }: Pick<Delivery, "message">): TimeLimits {
  const [hard, soft] = headers.timelimit ?? [];
  const declared = timeLimitsOf(app, headers.task, { hard, soft });
  return { ...declared, ...directedLimits(app, headers.task) };
}

/** The request once its claim is answered: that may have told of other limits. */
export function asDirected(app: Application, delivery: Delivery, request: TaskRequest): TaskRequest {
  const limits = limitsOf(app, delivery);
  if (limits.hard === request.timeLimit && limits.soft === request.softTimeLimit) return request;
  return requestOf(delivery.message, { ...delivery, limits });
}
