/**
 * How many calls of a task are begun: in a period, and at once.
 *
 * The broker keeps limits, for all workers together; as it knows no task, whoever sends a message tells it the message's
 * limits: those of its task, else those of its queue, else the application's default.
 *
 * @module
 */

import { type FlowControl, ImproperlyConfigured, NotSupportedError, type Publication } from "@umbel/protocol";
import type { Call } from "@umbel/canvas";
import type { CallingApplication } from "./application.ts";
import { directedRate } from "./directed.ts";
import { workerLogger } from "./log.ts";
import { isOwnTask } from "./own-task.ts";
import { queueOptions } from "./queues.ts";
import { type FlowKey, type Limits, limitsIn, type RateLimit } from "./rate-limit.ts";

/**
 * Refuses, at the caller, a call whose limits cannot be kept: throws `NotSupportedError` where the broker keeps none, and
 * `ImproperlyConfigured` for a `key` that gives none.
 */
export function checkFlow(app: CallingApplication, call: Call, queue: string): void {
  const found = find(app, call.task, queue);
  if (found === undefined) return;
  tenantOf(found, call);
  if (app.broker.traits.flowControl) return;
  throw new NotSupportedError(`${call.task} has a rateLimit, but the broker "${app.broker.name}" keeps no limits`);
}

/** What a call's message has to know, as its arguments may not always be at hand: with whom it shares its limits. */
export function flowProperties(app: CallingApplication, call: Call, queue: string): { readonly flow_key?: string } {
  const found = find(app, call.task, queue);
  if (typeof found?.select !== "function") return {};
  try {
    return { flow_key: tenantOf(found, call) ?? "" };
  } catch (error) {
    const origin = { logger: workerLogger, taskName: call.task, taskId: call.id };
    app.logger(origin).warning(`${String(error)}; it shares its limits with all calls of ${call.task}`);
    return {};
  }
}

/** The publication with the limits that the broker is to keep: those of what is to run, not of what is only to be sent on. */
export function withLimits(app: CallingApplication, publication: Publication): Publication {
  const { message, queue } = publication;
  if (message.properties.early === true) return publication;
  const found = find(app, message.headers.task, queue);
  if (found === undefined || !app.broker.traits.flowControl) return publication;
  const { flow_key: tenant } = message.properties;
  const key = typeof tenant === "string" && found.select !== undefined ? `${found.key}:${tenant}` : found.key;
  return { ...publication, flowControl: { ...found.limits, key } };
}

/** What the calls of a task share their limits by, where they share them with no others. */
export function limitKeyOf({ name }: Pick<CallingApplication, "name">, task: string): string {
  return `${name}:${task}`;
}

interface Found {
  readonly limits: Omit<FlowControl, "key">;
  /** What shares them, but for what `select` adds. */
  readonly key: string;
  readonly select?: FlowKey;
}

/** Our own messages have no limits: others wait for what they do. */
function find(app: CallingApplication, task: string, queue: string): Found | undefined {
  if (isOwnTask(task)) return undefined;
  const own = app.tasks.get(task)?.options.rateLimit;
  const directed = app.broker.traits.flowControl ? directedRate(app, task) : undefined;
  if (directed !== undefined) return asDirected(app, task, { directed, own });
  if (own !== undefined) return ofTask(app, task, own);
  const { rateLimit = null, parallelism } = queueOptions(app.conf, queue);
  const limits: Limits = { ...limitsIn(rateLimit), ...(parallelism === undefined ? {} : { parallelism }) };
  if (Object.keys(limits).length > 0) return { limits, key: `${app.name}:queue:${queue}` };
  return ofTask(app, task, app.conf.taskDefaultRateLimit);
}

interface Directed {
  readonly directed: string | number;
  readonly own: RateLimit | undefined;
}

/** All calls of the task share it. How many run at once is another question: that stays as the task has it. */
function asDirected(app: CallingApplication, task: string, { directed, own }: Directed): Found | undefined {
  const parallelism = typeof own === "object" ? own?.parallelism : undefined;
  const limits: Limits = { ...limitsIn(directed), ...(parallelism === undefined ? {} : { parallelism }) };
  return Object.keys(limits).length === 0 ? undefined : { limits, key: limitKeyOf(app, task) };
}

function ofTask(app: CallingApplication, task: string, limit: RateLimit): Found | undefined {
  const limits = limitsIn(limit);
  if (limits === undefined) return undefined;
  const key = typeof limit === "object" ? limit?.key : undefined;
  if (typeof key === "string") return { limits, key: `${app.name}:key:${key}` };
  return { limits, key: limitKeyOf(app, task), ...(key === undefined ? {} : { select: key }) };
}

function tenantOf({ select }: Found, { task, args, kwargs }: Call): string | undefined {
  if (select === undefined) return undefined;
  const tenant: unknown = select(args, kwargs);
  if (typeof tenant === "string" || typeof tenant === "number") return String(tenant);
  throw new ImproperlyConfigured(`rateLimit.key of ${task} gives ${typeof tenant}: give a text or a number`);
}
