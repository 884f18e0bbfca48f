/**
 * What a claim tells besides, and what it hears: the round trip is made anyway.
 *
 * @module
 */

import { acknowledgementOf, type Application, isEarly, isOwnTask, type TaskRequest } from "@umbel/core";
import { type ClaimNotes, type TaskInfo, writeJson } from "@umbel/protocol";
import type { Delivery } from "./deliver.ts";
import { processId } from "./process-id.ts";
import { beginningLetters } from "./task-events.ts";

/**
 * The notes of a delivery's claim, without a sign of life; none of an eager run's. None of our own tasks' either: nobody
 * watches them, and no pause may hold back what tells of a revoked call, or begins a canvas.
 */
export function notesOf(app: Application, delivery: Delivery, request: TaskRequest): ClaimNotes | undefined {
  const { endpoint, queue, hostname } = delivery;
  if (endpoint === undefined || isOwnTask(request.task)) return undefined;
  endpoint.queues.add(queue);
  return {
    worker: hostname,
    queue,
    task: request.task,
    about: writeJson(infoOf(app, delivery, request)),
    directives: app.oversight.revision,
    ...startOf(app, delivery, request),
  };
}

/**
 * Both are told once the attempt runs: Celery tells nobody that a message was received which it then revokes, and one that comes
 * before its time has not been received by whoever runs it.
 */
function startOf(app: Application, delivery: Delivery, request: TaskRequest): Pick<ClaimNotes, "started"> {
  const started = beginningLetters(app, delivery, request);
  return started.length === 0 ? {} : { started };
}

/** Longest text of arguments that is shown: what others have written has no bounds of its own. */
const longestArguments = 1024;

function infoOf(app: Application, { message, queue }: Delivery, request: TaskRequest): TaskInfo {
  const { id, task, hostname, deliveryInfo } = request;
  return {
    id,
    name: task,
    args: request.argsrepr.slice(0, longestArguments),
    kwargs: request.kwargsrepr.slice(0, longestArguments),
    type: task,
    hostname,
    time_start: isEarly(app, message) ? null : app.platform.now() / 1000,
    acknowledged: !acknowledgementOf(app, task).acksLate,
    delivery_info: {
      exchange: "",
      routing_key: queue,
      priority: deliveryInfo.priority,
      redelivered: deliveryInfo.redelivered,
    },
    worker_pid: processId(),
    retries: request.retries,
    root_id: request.rootId,
    parent_id: request.parentId,
    // What an operator may revoke it by.
    ...(Object.keys(request.stamps).length === 0 ? {} : { stamps: request.stamps }),
  };
}
