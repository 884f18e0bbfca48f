/**
 * What a delivery asks the backend for, read off its message.
 *
 * @module
 */

import { type Application, retentionOf } from "@umbel/core";
import { type Claim, type ClaimRequest, readDate, type ResultMeta, secondsOf, type TaskMessage } from "@umbel/protocol";
import type { Delivery } from "./deliver.ts";

/** Asks for the right to run, or to end, the task of a message. One round trip. */
export async function claim(app: Application, delivery: Delivery): Promise<Claim> {
  const { headers, properties } = delivery.message;
  return await app.backend.claim({
    id: headers.id,
    retries: headers.retries ?? 0,
    generation: properties.generation ?? 0,
    token: crypto.randomUUID(),
    lease: secondsOf(app.conf.workerLease),
    retention: retentionOf(app, delivery.message),
    undeliverable: delivery.undeliverable ?? false,
    ...limitsOf(delivery.message),
    ...startOf(app, delivery),
  });
}

function limitsOf({ headers }: TaskMessage): Pick<ClaimRequest, "hardLimit" | "expires"> {
  const hardLimit = headers.timelimit?.[0] ?? undefined;
  const expires = headers.expires ?? undefined;
  return {
    ...(hardLimit === undefined ? {} : { hardLimit }),
    ...(expires === undefined ? {} : { expires: readDate(expires) }),
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
      result: { pid: 0, hostname },
      traceback: null,
      children: [],
      date_done: null,
      task_id: headers.id,
      retries: headers.retries ?? 0,
    },
  };
}
