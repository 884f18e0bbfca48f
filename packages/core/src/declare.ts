/**
 * Declares a task: the handle that the application's code calls, and the entry that a worker finds by name.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import { effective } from "./annotations.ts";
import type { CallingApplication, RegisteredTask } from "./application.ts";
import { acceptArguments, checkArguments, namesIn, splitNamed, type Taken } from "./arguments.ts";
import { inherit, type TaskBase, type TaskBases } from "./base.ts";
import type { BoundTask } from "./bound-task.ts";
import { isRecord } from "./environment.ts";
import { checkKind, type Kind } from "./kinds.ts";
import { checkNames } from "./known-names.ts";
import { callTask } from "./on-the-spot.ts";
import { checkTaskOptions, sharedNames } from "./option-kinds.ts";
import { type Body, parametersOf } from "./parameters.ts";
import type { SignatureSender } from "./signature.ts";
import { createTask, type Task } from "./task.ts";
import type { TaskOptions } from "./task-options.ts";
import type { ArgumentsSchema, KwargsSchema } from "./validate.ts";

/** A task as it is declared, its types erased: what goes in is what the schema, or the caller's compiler, let through. */
export interface Declaration {
  readonly options: TaskOptions & {
    readonly bind?: boolean;
    readonly args?: ArgumentsSchema;
    readonly kwargs?: KwargsSchema;
    readonly base?: TaskBases;
  };
  readonly body: Body;
  /** True: it is told of failures. */
  readonly isErrback?: boolean;
}

/** A declaration's options: a text is the task's name. */
export function optionsIn(given: string | Declaration["options"]): Declaration["options"] {
  return typeof given === "string" ? { name: given } : given;
}

/** Both sides of a task. */
export interface Declared {
  readonly task: Task<readonly unknown[], unknown>;
  readonly registered: RegisteredTask;
}

/** Makes both sides of a task. Throws `ImproperlyConfigured` for options that make no sense. */
export function declareTask(
  app: CallingApplication,
  sender: SignatureSender,
  { options, body, isErrback = false }: Declaration,
): Declared {
  checkDeclaration(options, body);
  const { bind = false, args, kwargs, base = [], ...own } = options;
  const now = effective(app, inherit(own, base, `the task "${own.name}"`), checkTaskOptions);
  const { options: first } = now();
  const parameters = parametersOf(body, { params: first.params, bind, hasNamed: kwargs !== undefined });
  const taken = { task: own.name, parameters, args, kwargs };
  checkNamed(taken);
  const isCounted = () => now().options.typing ?? app.conf.strictTyping;
  const registered: RegisteredTask = {
    name: own.name,
    get options() {
      return now().options;
    },
    get policy() {
      return now().policy;
    },
    accept: async (given, named) =>
      await acceptArguments(taken, { args: given, kwargs: named, isCounted: isCounted() }),
    checkStep: (given, named) => (isCounted() ? checkArguments(taken, { args: given, kwargs: named }) : undefined),
    isErrback,
    run: callerOf(body, bind),
  };
  const callHere = async (...given: readonly unknown[]) => await callTask(app, registered, splitNamed(taken, given));
  return { registered, task: createTask({ sender, registered, callHere }) };
}

function callerOf(body: Body, bind: boolean): RegisteredTask["run"] {
  // Sound as far as types go over a wire: the schema, or the compiler of whoever called, let the arguments through.
  const call: (...args: readonly unknown[]) => unknown = body as (...args: readonly unknown[]) => unknown;
  // By this name protocol's `tracebackOf` knows where our frames end and the body's begin.
  const caller = {
    umbelTask(this: void, task: BoundTask, args: readonly unknown[]) {
      return bind ? call(task, ...args) : call(...args);
    },
  };
  return caller.umbelTask;
}

/** Every option of a task; the type makes sure that none is forgotten. */
const optionNames = [
  ...Object.keys({
    name: true,
    bind: true,
    args: true,
    kwargs: true,
    params: true,
    base: true,
  } satisfies Record<Exclude<keyof Declaration["options"], keyof TaskBase>, true>),
  ...sharedNames,
];

// What no compiler has seen may be anything.
function checkDeclaration(options: unknown, body: unknown): void {
  const { name, args, kwargs, params }: Readonly<Record<string, unknown>> = isRecord(options) ? options : {};
  if (!isRecord(options) || typeof name !== "string" || name === "") {
    throw new ImproperlyConfigured('A task needs a name: app.task("shop.add", body)');
  }
  const of = ` of the task "${name}"`;
  checkNames(options, optionNames, `option${of}`);
  if (typeof body !== "function")
    throw new ImproperlyConfigured(`The task "${name}" has no body: ${bodyHint(name, body)}`);
  if (args !== undefined) checkKind(`args${of}`, schema, args);
  if (kwargs !== undefined) checkKind(`kwargs${of}`, schema, kwargs);
  if (params !== undefined) checkKind(`params${of}`, placeNames, params);
}

/** Options may have been given after the name: there the body is looked for. */
function bodyHint(name: string, given: unknown): string {
  if (!isRecord(given)) return "give it a function";
  return `options go first, in one object: app.task({ name: "${name}", bind: true }, body)`;
}

const schema: Kind = [
  (value) => "~standard" in Object(value),
  "a schema, of zod or any other that is a Standard Schema",
];

const placeNames: Kind = [
  (value) => Array.isArray(value) && value.every((each) => typeof each === "string" && each !== ""),
  'a list of names, as ["x", "y"]',
];

/** A name has one place: a parameter's, or that of what is given by name. */
function checkNamed({ task, parameters: { names }, kwargs }: Taken): void {
  const both = names.find((name) => kwargs !== undefined && namesIn(kwargs)?.includes(name));
  if (both === undefined) return;
  throw new ImproperlyConfigured(`"${both}" is among the params of the task "${task}", and in its schema of kwargs`);
}
