/**
 * Where a call is sent: what the call says, else its task, its route, its queue, the application (delivery.md 22).
 *
 * @module
 */

import { mappedTask } from "@umbel/canvas";
import type { Signature } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { checkPlace } from "./place.ts";
import { checkQueue, queueOptions } from "./queues.ts";
import { isForFunction, routeOf, type RouteTarget } from "./route.ts";
import type { TaskOptions } from "./task-options.ts";

/** What a call's destination depends on: a signature has it, too. */
type Sendable = Pick<Signature, "task" | "args" | "kwargs" | "options">;

/** Where a call goes. */
export interface Destination {
  readonly queue: string;
  readonly priority: number | undefined;
}

/** Says where a call goes. Throws what a route throws that is a function. */
export function destinationOf(app: CallingApplication, call: Sendable): Destination {
  const task = app.tasks.get(mappedTask(call))?.options;
  const route = routeFor(app, call, task);
  const queue = call.options.queue ?? task?.queue ?? route.queue ?? app.conf.taskDefaultQueue;
  const own = call.options.priority ?? task?.priority ?? route.priority;
  return { queue, priority: own ?? priorityIn(app, call, queue) };
}

/**
 * The same, but refuses a destination that makes no sense: throws `ImproperlyConfigured`, and `QueueNotFound` for a queue that is not
 * known where it has to be. A call that carries its target goes to a queue of another service.
 */
export function checkDestination(app: CallingApplication, call: Sendable): Destination {
  const destination = destinationOf(app, call);
  checkPlace(destination);
  if (typeof call.options.target !== "string") checkQueue(app.conf, destination.queue);
  return destination;
}

/**
 * The same for a call that is sent later. One that gets a value before its own arguments is not shown to a route that is a
 * function, since nobody knows that value yet: of such a call the queue is refused that it, or its task, names itself.
 */
export function checkLaterDestination(app: CallingApplication, call: Signature): void {
  const name = mappedTask(call);
  if (call.immutable || !isForFunction(app.conf.taskRoutes, name)) {
    checkDestination(app, call);
    return;
  }
  const queue = call.options.queue ?? app.tasks.get(name)?.options.queue;
  if (queue !== undefined && typeof call.options.target !== "string") checkQueue(app.conf, queue);
}

function routeFor(app: CallingApplication, call: Sendable, task: TaskOptions | undefined): RouteTarget {
  const { taskRoutes } = app.conf;
  if (Array.isArray(taskRoutes) && taskRoutes.length === 0) return {};
  const { args, kwargs, options } = call;
  return routeOf(taskRoutes, { name: mappedTask(call), args, kwargs, options: routedOptions(options), task });
}

/** What a route that is a function may know of a call's options. */
function routedOptions(options: Sendable["options"]) {
  const { task_id: taskId, queue, priority, shadow, headers } = options;
  const all = Object.entries({ taskId, queue, priority, shadow, headers });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined && value !== null));
}

/** The priority of a call that neither it, nor its task, nor its route has given one. */
function priorityIn({ conf }: CallingApplication, { options }: Sendable, queue: string): number | undefined {
  const inherited = conf.taskInheritParentPriority ? options.parent_priority : undefined;
  return inherited ?? queueOptions(conf, queue).priority ?? conf.taskDefaultPriority ?? undefined;
}
