/**
 * From a call to the message that is published: the headers of protocol 2, the queue, the due time.
 *
 * Settings of a call win over those of the task, of its route, of the application, in this order (delivery.md 22).
 *
 * @module
 */

import { type Call, stampsIn } from "@umbel/canvas";
import {
  attemptNumber,
  NotSupportedError,
  type Publication,
  readDate,
  reprArgs,
  reprKwargs,
  type TaskHeaders,
  type TaskMessage,
  type TaskProperties,
} from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { canvasWord } from "./canvas-word.ts";
import { checkTimes, etaOf, expiresOf, type Timed } from "./call-times.ts";
import { checkDestination, destinationOf } from "./destination.ts";
import { checkFlow, flowProperties } from "./flow-control.ts";
import * as kinds from "./kinds.ts";
import { checkKind } from "./kinds.ts";
import { originOf } from "./sent-events.ts";
import type { TaskOptions } from "./task-options.ts";
import { checkLimits, timeLimitsOf } from "./time-limits.ts";

/** Makes the message of a call and says where and when it goes. */
export function publicationOf(app: CallingApplication, call: Call): Publication {
  const task = app.tasks.get(call.task)?.options;
  const { queue, priority } = destinationOf(app, call);
  const headers = headersOf(app, call, task);
  const properties = {
    correlation_id: headers.id,
    reply_to: call.options.reply_to ?? "",
    queue,
    ...(priority === undefined ? {} : { priority }),
    ...placeProperties(call),
    ...flowProperties(app, call, queue),
  };
  const message = { headers, properties, body: [call.args, call.kwargs, call.embed] } satisfies TaskMessage;
  return publicationFor(message, { queue, target: call.options.target ?? undefined });
}

/** What a call that was added to a chord, or that replaces another, has to know when it ends. */
function placeProperties({ options }: Call): Pick<TaskProperties, "attempts_before" | "added_at" | "additions"> {
  const { attempts_before: before, added_at: place, additions } = options;
  return {
    ...(typeof before === "number" ? { attempts_before: before } : {}),
    ...(place ? { added_at: place } : {}),
    ...(additions ? { additions } : {}),
  };
}

/**
 * Refuses, at the caller, a call that cannot be sent as it is meant. Throws `ImproperlyConfigured` for a place that a route
 * or the settings make no sense of, for times and limits that contradict each other, `QueueNotFound`, and `NotSupportedError` for a delay where the broker has none: it would run too early.
 */
export function checkCall(app: CallingApplication, call: Call): void {
  const task = app.tasks.get(call.task)?.options;
  const { queue } = checkDestination(app, call);
  checkFlow(app, call, queue);
  checkTimes(app, call, task);
  checkHolding(app, call, "");
}

/**
 * The same of a call that is sent later, as far as it depends on nothing that is not known yet: seconds are counted from
 * when it is sent.
 */
export function checkLaterCall(app: CallingApplication, call: Timed): void {
  const { task, options } = call;
  const own = app.tasks.get(task)?.options;
  if (typeof options.priority === "number") checkKind(`priority of ${task}`, kinds.priority, options.priority);
  if (!isUnknownYet(call)) checkTimes(app, call, own);
  checkHolding(app, call, ` of ${task}`);
}

/** Whether it is due at an instant, and expires so many seconds after it is sent. */
function isUnknownYet({ options: { eta, countdown, expires } }: Timed): boolean {
  return typeof eta === "string" && typeof countdown !== "number" && typeof expires !== "string";
}

/** Limits of time, and of a broker that holds nothing back. */
function checkHolding(app: CallingApplication, call: Timed, of: string): void {
  const [hard, soft] = limitsOf(app, call);
  checkLimits([`softTimeLimit${of}`, soft], ["timeLimit", hard]);
  if (app.broker.traits.delay || etaOf(app, call) === null) return;
  throw new NotSupportedError(`${call.task} is to run later, but the broker "${app.broker.name}" holds nothing back`);
}

/** How a message that exists already is published. */
export function publicationFor(
  message: TaskMessage,
  where: { readonly queue: string; readonly target?: string | undefined },
): Publication {
  const { headers, properties } = message;
  const canvas = canvasWord(message);
  const called = `${headers.id}:${attemptNumber(message)}:${properties.generation ?? 0}`;
  return {
    message,
    queue: where.queue,
    ...(where.target === undefined ? {} : { target: where.target }),
    ...(headers.eta === null || headers.eta === undefined ? {} : { notBefore: readDate(headers.eta) }),
    // A broker may not take another canvas with a call of this id for the same message.
    deduplicationId: canvas === undefined ? called : `${called}:${canvas}`,
    ...(typeof properties.priority === "number" ? { priority: properties.priority } : {}),
  };
}

/** The name in the worker's log, where it is not the task's. */
function shadowOf({ options, args, kwargs }: Call, task: TaskOptions | undefined): string | null {
  return options.shadow ?? task?.shadowName?.(args, kwargs) ?? null;
}

function headersOf(app: CallingApplication, call: Call, task: TaskOptions | undefined): TaskHeaders {
  const { options } = call;
  return {
    ...options.headers,
    lang: "js",
    task: call.task,
    id: call.id,
    shadow: shadowOf(call, task),
    eta: etaOf(app, call),
    expires: expiresOf(app, call, task),
    group: options.group_id ?? null,
    group_index: options.group_index ?? null,
    retries: options.retries ?? 0,
    timelimit: limitsOf(app, call),
    ...lineageOf(call),
    ...shownOf(call),
    origin: originOf(app),
    ignore_result: options.ignore_result ?? task?.ignoreResult ?? app.conf.taskIgnoreResult,
    replaced_task_nesting: options.replaced_task_nesting ?? 0,
    stamped_headers: options.stamped_headers ?? null,
    stamps: stampsIn(options),
  };
}

function lineageOf({ id, options }: Call) {
  return { root_id: options.root_id ?? id, parent_id: options.parent_id ?? null };
}

/** The arguments as logs and events show them. */
function shownOf({ args, kwargs, options }: Call) {
  return { argsrepr: options.argsrepr ?? reprArgs(args), kwargsrepr: options.kwargsrepr ?? reprKwargs(kwargs) };
}

function limitsOf(app: CallingApplication, { task, options }: Timed) {
  const { hard, soft } = timeLimitsOf(app, task, { hard: options.time_limit, soft: options.soft_time_limit });
  return [hard, soft] as const;
}
