/**
 * From a call to the message that is published: the headers of protocol 2, the queue, the due time.
 *
 * Settings of a call win over those of the task, of its route, of the application, in this order (delivery.md 22).
 *
 * @module
 */

import type { Call } from "@umbel/canvas";
import {
  NotSupportedError,
  type Publication,
  readDate,
  reprArgs,
  reprKwargs,
  secondsOf,
  type TaskHeaders,
  type TaskMessage,
  writeDate,
} from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { checkPlace } from "./place.ts";
import { routeOf } from "./route.ts";
import type { TaskOptions } from "./task-options.ts";
import { timeLimitsOf } from "./time-limits.ts";

/** Makes the message of a call and says where and when it goes. */
export function publicationOf(app: CallingApplication, call: Call): Publication {
  const task = app.tasks.get(call.task)?.options;
  const { queue, priority } = placeOf(app, call, task);
  const headers = headersOf(app, call, task);
  const properties = {
    correlation_id: headers.id,
    reply_to: call.options.reply_to ?? "",
    queue,
    ...(priority === undefined ? {} : { priority }),
  };
  const message = { headers, properties, body: [call.args, call.kwargs, call.embed] } satisfies TaskMessage;
  return publicationFor(message, { queue, target: call.options.target ?? undefined });
}

/**
 * Refuses, at the caller, a call that cannot be sent as it is meant. Throws `ImproperlyConfigured` for a place that a route
 * or the settings make no sense of, and `NotSupportedError` for a delay where the broker has none: it would run too early.
 */
export function checkCall(app: CallingApplication, call: Call): void {
  checkPlace(placeOf(app, call, app.tasks.get(call.task)?.options));
  if (app.broker.traits.delay || etaOf(app, call) === null) return;
  throw new NotSupportedError(`${call.task} is to run later, but the broker "${app.broker.name}" holds nothing back`);
}

function placeOf(app: CallingApplication, { task: name, options }: Call, task: TaskOptions | undefined) {
  const route = routeOf(app.conf.taskRoutes, name);
  return {
    queue: options.queue ?? task?.queue ?? route.queue ?? app.conf.taskDefaultQueue,
    priority: options.priority ?? task?.priority ?? route.priority,
  };
}

/** How a message that exists already is published. */
export function publicationFor(
  message: TaskMessage,
  where: { readonly queue: string; readonly target?: string | undefined },
): Publication {
  const { headers, properties } = message;
  return {
    message,
    queue: where.queue,
    ...(where.target === undefined ? {} : { target: where.target }),
    ...(headers.eta === null || headers.eta === undefined ? {} : { notBefore: readDate(headers.eta) }),
    deduplicationId: `${headers.id}:${headers.retries ?? 0}:${properties.generation ?? 0}`,
    ...(typeof properties.priority === "number" ? { priority: properties.priority } : {}),
  };
}

function headersOf(app: CallingApplication, call: Call, task: TaskOptions | undefined): TaskHeaders {
  const { options } = call;
  return {
    ...options.headers,
    lang: "js",
    task: call.task,
    id: call.id,
    shadow: options.shadow ?? null,
    eta: etaOf(app, call),
    expires: expiresOf(app, call, task),
    group: options.group_id ?? null,
    group_index: options.group_index ?? null,
    retries: options.retries ?? 0,
    timelimit: limitsOf(app, call),
    root_id: options.root_id ?? call.id,
    parent_id: options.parent_id ?? null,
    argsrepr: reprArgs(call.args),
    kwargsrepr: reprKwargs(call.kwargs),
    origin: `${app.name}@js`,
    ignore_result: options.ignore_result ?? task?.ignoreResult ?? app.conf.taskIgnoreResult,
    replaced_task_nesting: 0,
    stamped_headers: null,
    stamps: {},
  };
}

function etaOf(app: CallingApplication, { options }: Call): string | null {
  if (typeof options.countdown === "number") return writeDate(app.platform.now() + options.countdown * 1000);
  return typeof options.eta === "string" ? writeDate(readDate(options.eta)) : null;
}

function expiresOf(app: CallingApplication, { options }: Call, task: TaskOptions | undefined): string | null {
  const expires = options.expires ?? task?.expires;
  if (expires === undefined || expires === null) return null;
  if (options.expires === expires && typeof expires === "string") return writeDate(readDate(expires));
  return writeDate(app.platform.now() + secondsOf(expires) * 1000);
}

function limitsOf(app: CallingApplication, { task, options }: Call) {
  const { hard, soft } = timeLimitsOf(app, task, { hard: options.time_limit, soft: options.soft_time_limit });
  return [hard, soft] as const;
}
