/**
 * `task-sent`: tells whoever watches that a call was sent, as Celery's clients do with `task_send_sent_event`.
 *
 * @module
 */

import { BackendUnavailable, type EventLetter, type Publication, type TaskHeaders } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { letterOf, type Told } from "./letter.ts";
import { isOwnTask } from "./own-task.ts";
import type { Oversight } from "./oversight.ts";

/**
 * What is told of these, which are sent now, or were at an instant in milliseconds; nothing unless it is asked for, and never of
 * our own messages. Nobody sees a call that runs here.
 */
export function sentLetters(
  app: CallingApplication,
  publications: readonly Publication[],
  sentAt: number = app.platform.now(),
): readonly EventLetter[] {
  if (!app.conf.taskSendSentEvent || !app.hasBackend || app.isEager === true) return [];
  const told = publications.filter(({ message }) => isTold(app, message.headers));
  return told.map((each) => letterOf(app, "task-sent", { timestamp: sentAt / 1000, ...callFields(app, each) }));
}

/** Whether a task's events are sent at all. */
export function isTold({ tasks }: Pick<CallingApplication, "tasks">, { task }: Pick<TaskHeaders, "task">): boolean {
  return !isOwnTask(task) && tasks.get(task)?.options.sendEvents !== false;
}

/** The name of an application where it sends calls: what a message's `origin` says as well. */
export function originOf({ name }: Pick<CallingApplication, "name">): string {
  return `${name}@js`;
}

function callFields(app: CallingApplication, { message: { headers }, queue }: Publication): Told {
  return {
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
  };
}

/** Most events of one request: what a publish call takes is told with one. */
const mostAtOnce = 100;

/** Longest time that a caller waits for it, in seconds. */
const longest = 1;

/** Applications that could not tell the last time, and have said so. */
const deaf = new WeakSet<Oversight>();

/**
 * Tells of calls that the broker has accepted, with the instant in milliseconds at which they were sent. A store that does not
 * take it, or is slow to, costs nobody his call, and little time: it is logged, once until it takes one again.
 */
export async function tellSent(
  app: CallingApplication,
  publications: readonly Publication[],
  sentAt: number,
): Promise<void> {
  try {
    const letters = sentLetters(app, publications, sentAt);
    if (letters.length === 0) return;
    await soon(app, emitAll(app, letters));
    deaf.delete(app.oversight);
  } catch (error) {
    if (deaf.has(app.oversight)) return;
    deaf.add(app.oversight);
    app.logger({ logger: "umbel.events" }).warning(`That calls were sent could not be told: ${String(error)}`);
  }
}

async function emitAll({ backend }: CallingApplication, letters: readonly EventLetter[]): Promise<void> {
  for (let from = 0; from < letters.length; from += mostAtOnce) {
    await backend.emit?.(letters.slice(from, from + mostAtOnce));
  }
}

/** Throws what the telling throws, and `BackendUnavailable` when there has been time enough: it goes on by itself then. */
async function soon({ platform }: CallingApplication, telling: Promise<void>): Promise<void> {
  const timer = new AbortController();
  try {
    await Promise.race([telling, platform.sleep(longest, timer.signal).then(giveUp)]);
  } finally {
    timer.abort();
  }
}

function giveUp(): never {
  throw new BackendUnavailable(`The store has not answered within ${longest} s`);
}
