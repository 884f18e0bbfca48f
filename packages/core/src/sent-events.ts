/**
 * `task-sent`: tells whoever watches that a call was sent, as Celery's clients do with `task_send_sent_event`.
 *
 * @module
 */

import type { EventLetter, Publication, TaskHeaders } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { letterOf } from "./letter.ts";
import { isOwnTask } from "./own-task.ts";
import type { Oversight } from "./oversight.ts";

/** What is told of these; nothing unless it is asked for, and never of our own messages. Nobody sees a call that runs here. */
export function sentLetters(app: CallingApplication, publications: readonly Publication[]): readonly EventLetter[] {
  if (!app.conf.taskSendSentEvent || !app.hasBackend || app.isEager === true) return [];
  return publications.filter(({ message }) => isTold(app, message.headers)).map((each) => letterOfCall(app, each));
}

/** Whether a task's events are sent at all. */
export function isTold({ tasks }: Pick<CallingApplication, "tasks">, { task }: Pick<TaskHeaders, "task">): boolean {
  return !isOwnTask(task) && tasks.get(task)?.options.sendEvents !== false;
}

/** The name of an application where it sends calls: what a message's `origin` says as well. */
export function originOf({ name }: Pick<CallingApplication, "name">): string {
  return `${name}@js`;
}

function letterOfCall(app: CallingApplication, { message, queue }: Publication): EventLetter {
  const { headers } = message;
  return letterOf(app, "task-sent", {
    hostname: originOf(app),
    uuid: headers.id,
    root_id: headers.root_id ?? headers.id,
    parent_id: headers.parent_id ?? null,
    name: headers.task,
    args: headers.argsrepr ?? null,
    kwargs: headers.kwargsrepr ?? null,
    retries: headers.retries ?? 0,
    eta: headers.eta ?? null,
    expires: headers.expires ?? null,
    queue,
    exchange: "",
    routing_key: queue,
  });
}

/** Most events of one request: what a publish call takes is told with one. */
const mostAtOnce = 100;

/** Applications that could not tell, and have said so. */
const deaf = new WeakSet<Oversight>();

/** Tells of calls that are sent at the same time. A store that does not take it costs nobody his call: it is logged, once. */
export async function tellSent(app: CallingApplication, publications: readonly Publication[]): Promise<void> {
  try {
    const letters = sentLetters(app, publications);
    for (let from = 0; from < letters.length; from += mostAtOnce) {
      await app.backend.emit?.(letters.slice(from, from + mostAtOnce));
    }
  } catch (error) {
    if (deaf.has(app.oversight)) return;
    deaf.add(app.oversight);
    app.logger({ logger: "umbel.events" }).warning(`That calls were sent could not be told: ${String(error)}`);
  }
}
