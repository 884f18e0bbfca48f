/**
 * Declares a task: the handle that the application's code calls, and the entry that a worker finds by name.
 *
 * @module
 */

import type { StandardSchemaV1 } from "@standard-schema/spec";
import { ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import { checkRequeues } from "./acknowledgement.ts";
import type { CallingApplication, RegisteredTask } from "./application.ts";
import type { BoundTask } from "./bound-task.ts";
import { checkHooks } from "./hooks.ts";
import { checkNames } from "./known-names.ts";
import { callTask } from "./on-the-spot.ts";
import { checkPlace } from "./place.ts";
import { retryPolicy } from "./retry.ts";
import type { SignatureSender } from "./signature.ts";
import { createTask, type Task } from "./task.ts";
import type { TaskOptions } from "./task-options.ts";
import { validate } from "./validate.ts";

/** A task as it is declared, its types erased: what goes in is what the schema, or the caller's compiler, let through. */
export interface Declaration {
  readonly options: TaskOptions & {
    readonly bind?: boolean;
    readonly args?: StandardSchemaV1<unknown, readonly unknown[]>;
  };
  readonly body: (...args: never[]) => unknown;
}

/** Makes both sides of a task. Throws `ImproperlyConfigured` for options that make no sense. */
export function declareTask(
  app: CallingApplication,
  sender: SignatureSender,
  { options, body }: Declaration,
): { readonly task: Task<readonly unknown[], unknown>; readonly registered: RegisteredTask } {
  checkOptions(options);
  checkBody(options.name, body);
  const { bind = false, args: schema, ...taskOptions } = options;
  // Sound as far as types go over a wire: the schema, or the compiler of whoever called, let the arguments through.
  const call: (...args: readonly unknown[]) => unknown = body as (...args: readonly unknown[]) => unknown;
  // By this name protocol's `tracebackOf` knows where our frames end and the body's begin.
  const caller = {
    umbelTask(this: void, task: BoundTask, args: readonly unknown[]) {
      return bind ? call(task, ...args) : call(...args);
    },
  };
  const registered: RegisteredTask = {
    name: options.name,
    options: taskOptions,
    policy: retryPolicy(options),
    async accept(args, kwargs) {
      const positional = placeNamed(options, args, kwargs);
      return schema === undefined ? positional : await validate(options.name, schema, positional);
    },
    run: caller.umbelTask,
  };
  return {
    registered,
    task: createTask(sender, taskOptions, async (...args) => await callTask(app, registered, { args })),
  };
}

/** Puts named arguments in their places. Throws `TypeError` for a name that is unknown or given twice, as Python does. */
function placeNamed(
  { name, params = [] }: TaskOptions,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
): readonly unknown[] {
  const placed = [...args];
  for (const [key, value] of Object.entries(kwargs)) {
    const place = params.indexOf(key);
    if (place === -1) throw new TypeError(`${name}() got an unexpected keyword argument '${key}'`);
    if (place < args.length) throw new TypeError(`${name}() got multiple values for argument '${key}'`);
    placed[place] = value;
  }
  return placed;
}

/** Every option of a task; the type makes sure that none is forgotten. */
const optionNames = Object.keys({
  name: true,
  bind: true,
  args: true,
  params: true,
  retry: true,
  maxRetries: true,
  defaultRetryDelay: true,
  autoretryFor: true,
  dontAutoretryFor: true,
  retryBackoff: true,
  retryBackoffMax: true,
  retryJitter: true,
  timeLimit: true,
  softTimeLimit: true,
  ignoreResult: true,
  storeErrorsEvenIfIgnored: true,
  trackStarted: true,
  expires: true,
  queue: true,
  priority: true,
  throws: true,
  acksLate: true,
  acksOnFailure: true,
  acksOnTimeout: true,
  rejectOnWorkerLost: true,
  maxRequeues: true,
  beforeStart: true,
  onSuccess: true,
  onFailure: true,
  onRetry: true,
  afterReturn: true,
} satisfies Record<keyof Declaration["options"], true>);

function checkBody(name: string, body: unknown): void {
  if (typeof body !== "function") throw new ImproperlyConfigured(`The task "${name}" has no body: give it a function`);
}

function checkOptions(options: Declaration["options"]): void {
  const { name, timeLimit, softTimeLimit, expires } = options;
  checkNames(options, optionNames, `option of the task "${name}"`);
  if (name === "") throw new ImproperlyConfigured("A task needs a name");
  checkPlace(options);
  checkHooks(name, options);
  checkRequeues(options.maxRequeues);
  for (const each of [timeLimit, softTimeLimit, expires]) secondsOf(each ?? 0);
  if (timeLimit === undefined || softTimeLimit === undefined) return;
  if (secondsOf(softTimeLimit) <= secondsOf(timeLimit)) return;
  throw new ImproperlyConfigured(`${name}: softTimeLimit is longer than timeLimit; the soft limit must come first`);
}
