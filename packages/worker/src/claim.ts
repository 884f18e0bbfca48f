/**
 * What a delivery asks the backend for, read off its message.
 *
 * @module
 */

import {
  acknowledgementOf,
  type Application,
  canvasWord,
  isEarly,
  namesToRun,
  retentionOf,
  type TaskRequest,
} from "@umbel/core";
import { attemptNumber, type Claim, type ClaimRequest, type ResultMeta, secondsOf, UmbelError } from "@umbel/protocol";
import type { Delivery } from "./deliver.ts";
import { learn } from "./learn.ts";
import { asDirected } from "./limits.ts";
import { notesOf } from "./notes.ts";
import { ofCanvas } from "./of-canvas.ts";
import { processId } from "./process-id.ts";
import { isLeftOut } from "./put-off.ts";
import { sighted } from "./sighting.ts";

/**
 * Asks for the right to run, or to end, the task of a message, and hears what operators ask for. One round trip, and one more
 * where they have set another hard limit since: the record is to have it before the body begins.
 */
export async function claim(app: Application, delivery: Delivery, request: TaskRequest): Promise<Claim> {
  const token = crypto.randomUUID();
  const claimed = await ask(app, delivery, { request, token });
  if (claimed.answer !== "run" || isEarly(app, delivery.message)) return claimed;
  const directed = asDirected(app, delivery, request);
  if (directed.timeLimit === request.timeLimit) return claimed;
  try {
    return await ask(app, delivery, { request: directed, token });
  } catch (error) {
    if (!(error instanceof UmbelError) || !error.transient) throw error;
    // It is held all the same: whoever gave it back now would lose what may be begun once only.
    return claimed;
  }
}

interface Question {
  readonly request: TaskRequest;
  /** The same token gets the same answer. */
  readonly token: string;
}

async function ask(app: Application, delivery: Delivery, question: Question): Promise<Claim> {
  const asked = askedBy(app, delivery, question);
  const notes = notesOf(app, delivery, question.request);
  const watched = notes && delivery.endpoint;
  const { directives, ...claimed } = await sighted(app, watched, async (sign) => {
    return await app.backend.claim(notes === undefined ? asked : { ...asked, notes: { ...notes, ...sign } });
  });
  learn(app, directives);
  return claimed;
}

function askedBy(app: Application, delivery: Delivery, { request, token }: Question): ClaimRequest {
  const { headers, properties } = delivery.message;
  return {
    id: headers.id,
    retries: attemptNumber(delivery.message),
    generation: properties.generation ?? 0,
    token,
    lease: secondsOf(app.conf.workerLease),
    retention: retentionOf(app, request.eta),
    undeliverable: delivery.undeliverable ?? false,
    ...ofCanvas(canvasWord(delivery.message)),
    ...(isBegunOnce(app, request) ? { once: true } : {}),
    ...(isLeftOut(delivery) ? { declined: true } : {}),
    ...(request.expires === null ? {} : { expires: request.expires }),
    ...(isEarly(app, delivery.message) ? { early: true } : beginning(app, delivery, request)),
  };
}

/** Whether an attempt whose holder dies may not be run again. */
function isBegunOnce(app: Application, { task }: TaskRequest): boolean {
  const { acksLate, rejectOnWorkerLost } = acknowledgementOf(app, task);
  return !acksLate || !rejectOnWorkerLost;
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
