/**
 * What a delivery asks the backend for, read off its message.
 *
 * @module
 */

import { type Application, isEarly, namesToRun, retentionOf, type TaskRequest } from "@umbel/core";
import { attemptNumber, type Claim, type ClaimRequest, type ResultMeta, secondsOf } from "@umbel/protocol";
import type { Delivery } from "./deliver.ts";
import { learn } from "./learn.ts";
import { notesOf } from "./notes.ts";
import { processId } from "./process-id.ts";

/** Asks for the right to run, or to end, the task of a message, and hears what operators ask for. One round trip. */
export async function claim(app: Application, delivery: Delivery, request: TaskRequest): Promise<Claim> {
  const { headers, properties } = delivery.message;
  const { directives, ...claimed } = await app.backend.claim({
    id: headers.id,
    retries: attemptNumber(delivery.message),
    generation: properties.generation ?? 0,
    token: crypto.randomUUID(),
    lease: secondsOf(app.conf.workerLease),
    retention: retentionOf(app, request.eta),
    undeliverable: delivery.undeliverable ?? false,
    ...(request.expires === null ? {} : { expires: request.expires }),
    ...(isEarly(app, delivery.message) ? { early: true } : beginning(app, delivery, request)),
    ...notesOf(app, delivery, request),
  });
  learn(app, directives);
  return claimed;
}

/** What is told of an attempt that is to run now. */
function beginning(app: Application, delivery: Delivery, { timeLimit }: TaskRequest): Partial<ClaimRequest> {
  const load = namesToRun(delivery.message);
  return {
    ...(timeLimit === null ? {} : { hardLimit: timeLimit }),
    ...(load === undefined ? {} : { load }),
    ...startOf(app, delivery),
  };
}

/** What readers see while the attempt runs; nothing unless the task's starts are tracked. */
function startOf(app: Application, { message, hostname }: Delivery): { readonly started?: ResultMeta } {
  const { headers } = message;
  const task = app.tasks.get(headers.task)?.options;
  const isIgnored = headers.ignore_result ?? task?.ignoreResult ?? app.conf.taskIgnoreResult;
  if (isIgnored || !(task?.trackStarted ?? app.conf.taskTrackStarted)) return {};
  return {
    started: {
      status: "STARTED",
      result: { pid: processId(), hostname },
      traceback: null,
      children: [],
      date_done: null,
      task_id: headers.id,
      retries: headers.retries ?? 0,
    },
  };
}
