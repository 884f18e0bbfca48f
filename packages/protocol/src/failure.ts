/**
 * A failure as data: what Celery stores for an exception, and what travels to errbacks.
 *
 * A class is never looked up by a name that came over the wire, save the few of Celery's own in the table here.
 *
 * @module
 */

import { builtinExceptions } from "./builtin-exceptions.ts";
import { anything, type ChecksOf, free, maybe, maybeText, misfitIn, someText } from "./check.ts";
import {
  BrokerRejected,
  ChordError,
  EncodeError,
  GetInsideTaskError,
  ImproperlyConfigured,
  InvalidMessageError,
  MaxRetriesExceededError,
  MessageTooLargeError,
  NotRegistered,
  NotSupportedError,
  QueueNotFound,
  SoftTimeLimitExceeded,
  TaskFailure,
  TaskRevokedError,
  TimeLimitExceeded,
  ValidationError,
  WorkerLostError,
} from "./errors.ts";
import { assertJson, isPlainObject } from "./json-value.ts";
import { repr, reprArgs } from "./repr.ts";
import { isError, nameOf, textOf } from "./thrown.ts";
import type { FailureOrigin, UmbelError, UmbelErrorOptions } from "./umbel-error.ts";

/** An exception as Celery's JSON stores it (celery-wire.md 6.2). */
export interface FailureData {
  /** Class name: Celery's where it has one (`NotRegistered`), else the class, or what the error calls itself. */
  readonly exc_type: string;
  /** The constructor's arguments; a text for one argument is still a list of one when we write it. */
  readonly exc_message: unknown;
  /** Python module of the class, `null` when there is none. */
  readonly exc_module: string | null;
  /** Ours: what caused it. Python overlooks it. */
  readonly exc_cause?: FailureData | null;
  /** Ours: which arguments do not fit, of a ValidationError. Python overlooks it. */
  readonly exc_misfit?: Misfit | null;
  /** Ours: the task that may have been meant, of a NotRegistered. Python overlooks it. */
  readonly exc_nearest?: string | null;
  /** Ours: the call that has failed, where this is told of one that waited for it. Python overlooks it. */
  readonly exc_origin?: FailureOrigin | null;
}

/** What a ValidationError knows beside its message. */
type Misfit = Pick<ValidationError, "task" | "issues">;

/** What each field must be. */
export const failureChecks: ChecksOf<FailureData> = {
  exc_type: someText,
  exc_message: anything,
  exc_module: maybeText,
  exc_cause: maybe("a failure", isFailure),
  exc_misfit: free,
  exc_nearest: free,
  exc_origin: free,
};

/** What makes an error of its message. */
type Made = new (message: string, options?: ErrorContext) => UmbelError;

/** What it is made with besides. */
interface ErrorContext extends UmbelErrorOptions {
  /** Whose error it is: those about time limits tell. */
  readonly call?: string;
  /** What a NotRegistered knows beside the task. */
  readonly nearest?: string;
}

/** In place of a module, for what only we have. Python then makes a class of that name. */
const ours = "umbel";

/**
 * Conditions that only we have, by class name; and ValidationError, which is made of more than its message. (Not
 * TimeoutError, nor what passes, BackendUnavailable say: from `get()` these mean that waiting took too long, or that the
 * store is away.)
 */
const ourConditions: Readonly<Record<string, Made>> = {
  BrokerRejected,
  GetInsideTaskError,
  InvalidMessageError,
  MessageTooLargeError,
  NotSupportedError,
};

/** Celery's own, by class name. */
const celeryConditions: Readonly<Record<string, Made>> = {
  ChordError,
  EncodeError,
  ImproperlyConfigured,
  MaxRetriesExceededError,
  NotRegistered,
  QueueNotFound,
  SoftTimeLimitExceeded,
  TaskRevokedError,
  TimeLimitExceeded,
  WorkerLostError,
};

/** Modules in which Python has Celery's conditions, under more than one name for some. */
const conditionModule = /^(?:celery|billiard|kombu)\.exceptions$/;

/** Longest chain of causes that is kept. */
const mostCauses = 10;

/** What is stored for anything that a task threw, always JSON. */
export function failureOf(error: unknown): FailureData {
  return failureAt(error, 0);
}

/** Reads what a result holds for FAILURE, RETRY or REVOKED. What is no stored exception becomes the message of one. */
export function failureIn(result: unknown): FailureData {
  if (isFailure(result)) return wholeFailure(result);
  return { exc_type: "Exception", exc_message: result === null ? [] : [result], exc_module: "builtins" };
}

function isFailure(value: unknown): value is StoredFailure {
  return misfitIn(value, failureChecks) === undefined;
}

/** A failure as a foreign writer may leave it: without a module. */
type StoredFailure = Omit<FailureData, "exc_module" | "exc_cause"> & {
  readonly exc_module?: string | null;
  readonly exc_cause?: StoredFailure | null;
};

function wholeFailure({ exc_cause: cause, ...failure }: StoredFailure): FailureData {
  const whole = { ...failure, exc_module: failure.exc_module ?? null };
  if (cause === undefined) return whole;
  return { ...whole, exc_cause: cause && wholeFailure(cause) };
}

/**
 * The error that `get()` throws for a failure: for Celery's own conditions the class of ours, for all others a
 * `TaskFailure` with the user's message exactly.
 */
export function errorOf(failure: FailureData, context: { taskId: string; traceback?: string | null }): UmbelError {
  const origin = originIn(failure);
  const cause = failure.exc_cause ? { cause: causeOf(failure.exc_cause, context.taskId) } : {};
  const options = { ...cause, ...(origin && { origin }) };
  const named = namedError(failure, {
    ...options,
    ...nearestIn(failure),
    call: `The call ${origin?.id ?? context.taskId}`,
  });
  if (named !== undefined) return named;

  const traceback = context.traceback ?? undefined;
  const data = { taskId: context.taskId, excType: failure.exc_type, excArgs: argumentsIn(failure), traceback };
  return new TaskFailure(messageOf(failure), data, options);
}

/** What a stranger has written is none. */
function nearestIn({ exc_nearest: nearest }: FailureData): Pick<ErrorContext, "nearest"> {
  return typeof nearest === "string" ? { nearest } : {};
}

/** A member of a chord is not the body that waited for it. */
function causeOf(failure: FailureData, taskId: string): UmbelError {
  return errorOf(failure, { taskId: originIn(failure)?.id ?? taskId });
}

/** What a stranger has written is none. */
function originIn({ exc_origin: origin }: FailureData): FailureOrigin | undefined {
  if (!isPlainObject(origin)) return undefined;
  const { id, task } = origin;
  return typeof id === "string" && typeof task === "string" ? { id, task } : undefined;
}

function namedError(failure: FailureData, options: ErrorContext): UmbelError | undefined {
  const { exc_type: name, exc_module: module, exc_misfit: misfit } = failure;
  if (name === "ValidationError" && module === ours && isMisfit(misfit))
    return new ValidationError(misfit.task, misfit.issues, options);
  const conditions = module === ours ? ourConditions : celeryConditions;
  const type = module === ours || conditionModule.test(module ?? "") ? classNamed(name, conditions) : undefined;
  return type && new type(messageOf(failure), options);
}

function classNamed(name: string, conditions: Readonly<Record<string, Made>>): Made | undefined {
  return Object.hasOwn(conditions, name) ? conditions[name] : undefined;
}

function isMisfit(value: unknown): value is Misfit {
  if (!isPlainObject(value) || typeof value["task"] !== "string" || !Array.isArray(value["issues"])) return false;
  return value["issues"].every(isIssue);
}

function isIssue(value: unknown): boolean {
  return isPlainObject(value) && typeof value["path"] === "string" && typeof value["message"] === "string";
}

/** The message, as Python's `str(exception)` has it: one argument as it is, several as a tuple. */
export function messageOf(failure: FailureData): string {
  const args = argumentsIn(failure);
  const [first] = args;
  if (args.length > 1) return reprArgs(args);
  return typeof first === "string" ? first : args.map((only) => repr(only)).join("");
}

/** `ValueError('boom')`: what events, log lines and ChordError say. */
export function reprOf(failure: FailureData): string {
  const name = failure.exc_type.slice(failure.exc_type.lastIndexOf(".") + 1);
  return `${name}(${argumentsIn(failure)
    .map((argument) => repr(argument))
    .join(", ")})`;
}

function argumentsIn({ exc_message: message }: FailureData): readonly unknown[] {
  return Array.isArray(message) ? message : [message];
}

function failureAt(error: unknown, depth: number): FailureData {
  if (!isError(error)) return { exc_type: "Error", exc_message: [jsonOf(error)], exc_module: null };
  const failure = {
    exc_type: nameOf(error) || "Error",
    exc_message: argumentsOf(error),
    exc_module: moduleOf(error),
    ...misfitOf(error),
    ...(error instanceof NotRegistered && error.nearest !== undefined && { exc_nearest: error.nearest }),
  };
  const isFirst = (error.cause ?? error) === error || depth >= mostCauses;
  return isFirst ? failure : { ...failure, exc_cause: failureAt(error.cause, depth + 1) };
}

/** Time limits have their seconds as a number, or nothing (celery-wire.md 6.2); all others their message. */
function argumentsOf(error: Error): readonly unknown[] {
  if (error instanceof NotRegistered) return [error.task];
  if (moduleOf(error) !== limits) return [textOf(error.message)];
  const limit: unknown = Reflect.get(error, "limit");
  return limit === "" ? [] : [typeof limit === "number" ? limit : textOf(limit)];
}

function moduleOf(error: Error): string | null {
  const name = nameOf(error);
  if (isValidation(error) || isOneOf(ourConditions, error)) return ours;
  if (isOneOf(celeryConditions, error)) return modules.get(name) ?? "celery.exceptions";
  return builtinExceptions.has(name) ? "builtins" : null;
}

/** Where Python has the limits of time. */
const limits = "billiard.exceptions";

/** Where Python has conditions that are not among `celery.exceptions`. */
const modules: ReadonlyMap<string, string> = new Map([
  ["EncodeError", "kombu.exceptions"],
  ["SoftTimeLimitExceeded", limits],
  ["TimeLimitExceeded", limits],
]);

/** By code, so that an error of a second copy of this package is known, and a user's class of the same name is not. */
function isOneOf(conditions: Readonly<Record<string, Made>>, error: Error): boolean {
  const type = classNamed(nameOf(error), conditions);
  return type !== undefined && new type("").code === Reflect.get(error, "code");
}

function isValidation(error: Error): boolean {
  return nameOf(error) === "ValidationError" && Reflect.get(error, "code") === "VALIDATION";
}

function misfitOf(error: Error): Pick<FailureData, "exc_misfit"> {
  if (!isValidation(error)) return {};
  const misfit = { task: Reflect.get(error, "task"), issues: Reflect.get(error, "issues") };
  return isMisfit(misfit) ? { exc_misfit: misfit } : {};
}

/** A thrown value that is no error: itself when it is JSON, else its picture. */
function jsonOf(thrown: unknown): unknown {
  try {
    assertJson(thrown, "thrown");
    return thrown;
  } catch {
    return repr(thrown);
  }
}
