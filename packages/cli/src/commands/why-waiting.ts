/**
 * Why a call has not ended yet, as far as the store and the broker know.
 *
 * @module
 */

import type { Umbel } from "umbel";
import { control, type QueriedTask, type Status } from "umbel/control";
import { lineOf } from "../failure.ts";
import { inUtc } from "../instant.ts";

/** A sentence that names what keeps it, and what to do. Never throws: where nobody can be asked it says that. */
export async function whyWaiting(app: Umbel, id: string): Promise<string> {
  const operator = control(app);
  try {
    const [status, nodes] = await Promise.all([operator.status(), operator.inspect().queryTask(id)]);
    const task = Object.values(nodes).find((tasks) => Object.hasOwn(tasks, id))?.[id];
    return reasonOf(task, id, status);
  } catch (error) {
    return `why it has not ended cannot be told: ${lineOf(error)}`;
  }
}

function reasonOf(task: QueriedTask | undefined, id: string, status: Status): string {
  if (task === undefined) return unknown;
  const [state, { hostname, delivery_info: place, eta }] = task;
  const queue = place.routing_key;
  if (state === "active") return `${hostname ?? "a worker"} runs it`;
  if (isDueLater(eta, place)) return `it is due at ${inUtc(new Date(eta))}, and waits until then`;
  if (status.paused.includes(queue)) {
    return `its queue ${queue} is paused: umbel control add_consumer ${queue} lets it go on`;
  }
  if (isDrained(status)) return `${status.drained.join(", ")} takes no message: umbel control restart has it go on`;
  if (state === "ready") return `no worker holds it: umbel inspect query_task ${id} has what is known of it`;
  const reached = `umbel doctor says whether a worker of queue ${queue} is reached`;
  if (place.redelivered) return `deliveries of it have failed, and the broker tries again: ${reached}`;
  return `${status.nodes.length === 0 ? "no worker is online, and its" : "its"} message waits: ${reached}`;
}

/** A delivery that has failed is tried again at some time, too: that is told otherwise. */
function isDueLater(eta: unknown, { redelivered }: QueriedTask[1]["delivery_info"]): eta is string {
  return typeof eta === "string" && redelivered !== true;
}

function isDrained({ nodes }: Status): boolean {
  return nodes.length > 0 && nodes.every(({ drained }) => drained);
}

const unknown =
  "no message of it waits and no worker holds it: the id is wrong, or it was purged or cancelled, or its result has expired, or its message is given up, as umbel replay --all --dry-run shows";
