/**
 * What a task does around its attempts, beside its body: Celery's hooks, as options of the task.
 *
 * `beforeStart` is part of the attempt. The others are called once its end is stored, by the worker whose end it is: at
 * most once, and not at all where that worker dies in between. What must happen is linked, or sent by the body.
 *
 * @module
 */

import type { CallingApplication, RegisteredTask } from "./application.ts";
import type { BoundTask } from "./bound-task.ts";
import { tellInternalError } from "./internal-error.ts";
import { runInScope, type Scope } from "./scope.ts";

/**
 * Hooks of a task. A promise is awaited. What a body throws nobody knows before; what it returns `onSuccess` may declare, and
 * the compiler holds the body to it.
 */
export interface TaskHooks<Result = unknown> {
  /** Called before the body: an error here fails the attempt, and `autoretryFor` does not look at it. */
  readonly beforeStart?: (task: BoundTask) => unknown;
  /** The value is stored, and what follows is sent. */
  readonly onSuccess?: (result: Result, task: BoundTask) => unknown;
  /** The task has failed for good, and its errbacks are sent. Also where it never ran: its worker was lost. */
  readonly onFailure?: (error: unknown, task: BoundTask) => unknown;
  /** The next attempt is sent. */
  readonly onRetry?: (error: unknown, task: BoundTask) => unknown;
  /** After `onSuccess` or `onFailure`, and after their signals. */
  readonly afterReturn?: (end: TaskReturn, task: BoundTask) => unknown;
}

/** How a task came back. */
export type TaskReturn =
  | { readonly state: "SUCCESS"; readonly value: unknown }
  | { readonly state: "FAILURE"; readonly error: unknown };

/** A task's run, for what is called after its end. */
export interface Run {
  readonly task: RegisteredTask;
  readonly bound: BoundTask;
  readonly scope: Scope;
}

/**
 * Calls a hook of a run whose end is stored. What it throws is logged and told by the signal `taskInternalError`; it
 * changes nothing and stops no one (semantics 14.22: Celery sends the errbacks of a task that has succeeded).
 */
export async function callHook(
  app: CallingApplication,
  { task, bound, scope }: Run,
  call: (hooks: TaskHooks, task: BoundTask) => unknown,
): Promise<void> {
  try {
    await runInScope(scope, async () => await call(task.options, bound));
  } catch (error) {
    await tellInternalError(app, { task, request: bound.request, error, doing: "a hook" });
  }
}
