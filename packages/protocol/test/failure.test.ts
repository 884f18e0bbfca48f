import { describe, expect, it } from "vitest";
import { builtinExceptions } from "../src/builtin-exceptions.ts";
import {
  BackendUnavailable,
  BrokerRejected,
  ChordError,
  EncodeError,
  errorOf,
  type FailureData,
  failureIn,
  failureOf,
  GetInsideTaskError,
  ImproperlyConfigured,
  InvalidMessageError,
  MaxRetriesExceededError,
  messageOf,
  MessageTooLargeError,
  NotRegistered,
  NotSupportedError,
  parseJson,
  QueueNotFound,
  reprOf,
  SoftTimeLimitExceeded,
  TaskFailure,
  TaskRevokedError,
  TimeLimitExceeded,
  type UmbelError,
  ValidationError,
  WorkerLostError,
  writeJson,
} from "../src/index.ts";
import { capture, captureNames } from "./captures.ts";
import { hasPython, python } from "./python.ts";

class StripeError extends Error {
  override readonly name = "StripeError";
}

/** The shortest way to write one: its name is inherited from `Error`. */
class Busy extends Error {}

class VeryBusy extends Busy {}

class Shaped extends TypeError {}

const failed = (type: string, message: unknown, module: string | null = null): FailureData => ({
  exc_type: type,
  exc_message: message,
  exc_module: module,
});

/** Celery's own conditions: our error, and what Celery stores for it. */
const conditions: readonly (readonly [error: UmbelError, stored: FailureData])[] = [
  [new NotRegistered("js.unknown"), failed("NotRegistered", ["js.unknown"], "celery.exceptions")],
  [
    new NotRegistered("js.unknwon", { nearest: "js.unknown" }),
    { ...failed("NotRegistered", ["js.unknwon"], "celery.exceptions"), exc_nearest: "js.unknown" },
  ],
  [new TaskRevokedError("expired"), failed("TaskRevokedError", ["expired"], "celery.exceptions")],
  [
    new MaxRetriesExceededError("Can't retry tasks.div[1] args:(4, 0) kwargs:{}"),
    failed("MaxRetriesExceededError", ["Can't retry tasks.div[1] args:(4, 0) kwargs:{}"], "celery.exceptions"),
  ],
  [
    new ChordError("Dependency 1 raised ValueError('boom')"),
    failed("ChordError", ["Dependency 1 raised ValueError('boom')"], "celery.exceptions"),
  ],
  [new WorkerLostError("gone"), failed("WorkerLostError", ["gone"], "celery.exceptions")],
  [new ImproperlyConfigured("no"), failed("ImproperlyConfigured", ["no"], "celery.exceptions")],
  [new QueueNotFound("reports"), failed("QueueNotFound", ["reports"], "celery.exceptions")],
  [new EncodeError("result: a Map"), failed("EncodeError", ["result: a Map"], "kombu.exceptions")],
  [new TimeLimitExceeded("100"), failed("TimeLimitExceeded", [100], "billiard.exceptions")],
  [new SoftTimeLimitExceeded("0.5"), failed("SoftTimeLimitExceeded", [0.5], "billiard.exceptions")],
  [new SoftTimeLimitExceeded(), failed("SoftTimeLimitExceeded", [], "billiard.exceptions")],
  [new BrokerRejected("no"), failed("BrokerRejected", ["no"], "umbel")],
  [new GetInsideTaskError("waits"), failed("GetInsideTaskError", ["waits"], "umbel")],
  [new InvalidMessageError("gone"), failed("InvalidMessageError", ["gone"], "umbel")],
  [new MessageTooLargeError("11 MB"), failed("MessageTooLargeError", ["11 MB"], "umbel")],
  [new NotSupportedError("later"), failed("NotSupportedError", ["later"], "umbel")],
];

/** Other things that a task may throw, and what is stored. */
const thrown: readonly (readonly [what: string, error: unknown, stored: FailureData])[] = [
  [
    "an error that Python has too",
    new TypeError("x is not a function"),
    failed("TypeError", ["x is not a function"], "builtins"),
  ],
  ["an error that Python has not", new RangeError("out"), failed("RangeError", ["out"])],
  ["a plain error", new Error("boom"), failed("Error", ["boom"])],
  ["an error without a message", new Error(), failed("Error", [""])],
  ["an error of the user's", new StripeError("card declined"), failed("StripeError", ["card declined"])],
  ["an error of a class that says no name", new Busy("busy 1"), failed("Busy", ["busy 1"])],
  ["an error of a class of that class", new VeryBusy("2"), failed("VeryBusy", ["2"])],
  ["an error of a class of one that Python has", new Shaped("x"), failed("Shaped", ["x"])],
  ["an error of a class without a name", new (class extends Error {})("x"), failed("Error", ["x"])],
  ["an error of a name of ours, but not ours", named("ChordError", "x"), failed("ChordError", ["x"])],
  ["an error without a name", named("", "x"), failed("Error", ["x"])],
  ["an error of another realm", { name: "ValueError", message: "x" }, failed("ValueError", ["x"], "builtins")],
  ["an aborted wait", new DOMException("late", "TimeoutError"), failed("TimeoutError", ["late"], "builtins")],
  ["a text", "boom", failed("Error", ["boom"])],
  ["an object", { status: 500 }, failed("Error", [{ status: 500 }])],
  ["nothing", undefined, failed("Error", ["None"])],
  ["null", null, failed("Error", [null])],
  ["what is no JSON", { when: 1n }, failed("Error", ["{'when': 1}"])],
];

/** Captures of failures that were stored, and whose arguments were JSON. */
const plainFailures = captureNames().filter((name) => /\/run\/failure-(?!opaque-arg|bad-result|ignored)/.test(name));

describe("failureOf", () => {
  it.each(conditions)("stores %s as Celery does", (error, stored) => {
    expect(failureOf(error)).toEqual(stored);
  });

  it.each(thrown)("stores %s", (_, error, stored) => {
    expect(failureOf(error)).toEqual(stored);
    expect(parseJson(writeJson(failureOf(error)))).toEqual(stored);
  });

  it("takes a cause that is null for none", () => {
    expect(failureOf(new Error("x", { cause: null }))).toEqual(failed("Error", ["x"]));
  });

  it("keeps what caused an error, ten deep at most", () => {
    const circular = new Error("again");
    circular.cause = new Error("and again", { cause: circular });

    expect(failureOf(new Error("outer", { cause: new TypeError("inner") }))).toEqual({
      ...failed("Error", ["outer"]),
      exc_cause: failed("TypeError", ["inner"], "builtins"),
    });
    expect(writeJson(failureOf(circular)).match(/again/g)).toHaveLength(11);
  });
});

describe("errorOf", () => {
  it.each(conditions)("makes %s again", (error) => {
    const again = errorOf(failureOf(error), { taskId: "1" });

    expect(again.constructor).toBe(error.constructor);
    expect(again.message).toBe(error.message.replace(/^The task/, "The call 1"));
  });

  it("gives the user's message exactly, and the failure as data", () => {
    const error = errorOf(failed("OrderError", ["Exception Error"], "tasks"), { taskId: "7", traceback: "Traceback" });

    expect(error).toBeInstanceOf(TaskFailure);
    expect(error).toMatchObject({
      message: "Exception Error",
      taskId: "7",
      excType: "OrderError",
      excArgs: ["Exception Error"],
      traceback: "Traceback",
    });
  });

  it("does not take a class of the user's for one of ours", () => {
    for (const module of [null, "tasks", "builtins"]) {
      expect(errorOf(failed("ChordError", ["x"], module), { taskId: "1" })).toBeInstanceOf(TaskFailure);
    }
  });

  it("does not take a class of the user's for one that only we have", () => {
    for (const module of [null, "tasks", "celery.exceptions"]) {
      const error = errorOf(failed("MessageTooLargeError", ["x"], module), { taskId: "1" });
      expect(error).toBeInstanceOf(TaskFailure);
    }
  });

  it("leaves what passes a TaskFailure: thrown by get() it means that the store is away from the reader", () => {
    expect(errorOf(failureOf(new BackendUnavailable("away")), { taskId: "1" })).toBeInstanceOf(TaskFailure);
  });

  it("does not take Celery's TimeoutError for ours, which says that waiting took too long", () => {
    const error = errorOf(failed("TimeoutError", ["x"], "celery.exceptions"), { taskId: "1" });
    expect(error).toBeInstanceOf(TaskFailure);
  });

  it("knows WorkerLostError under billiard's name too", () => {
    expect(errorOf(failed("WorkerLostError", ["x"], "billiard.exceptions"), { taskId: "1" })).toBeInstanceOf(
      WorkerLostError,
    );
  });

  it("gives the cause that was stored", () => {
    const lost = new MaxRetriesExceededError("none left", { cause: new RangeError("/ 0") });
    const error = errorOf(failureOf(lost), { taskId: "1" });

    expect(error).toBeInstanceOf(MaxRetriesExceededError);
    expect(error.cause).toMatchObject({ name: "TaskFailure", excType: "RangeError", message: "/ 0" });
  });

  it("makes a ValidationError with all its misfits again, and a failure of the user's where they are damaged", () => {
    const issues = [{ path: "args[0]", message: "expected number" }];
    const stored = failureOf(new ValidationError("shop.add", issues));
    const damaged = { ...stored, exc_misfit: JSON.parse('{"task":"shop.add","issues":[{"path":1}]}') };

    expect(stored).toMatchObject({ exc_message: ["shop.add: args[0]: expected number"], exc_module: "umbel" });
    const error = errorOf(stored, { taskId: "1" });
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ task: "shop.add", issues, message: "shop.add: args[0]: expected number" });
    expect(errorOf(damaged, { taskId: "1" })).toMatchObject({ name: "TaskFailure", excType: "ValidationError" });
  });
});

describe("messageOf and reprOf", () => {
  it.each([
    [failed("ValueError", ["boom"]), "boom", "ValueError('boom')"],
    [failed("ValueError", "boom"), "boom", "ValueError('boom')"],
    [failed("RuntimeError", []), "", "RuntimeError()"],
    [failed("ValueError", [[2, 4]]), "[2, 4]", "ValueError([2, 4])"],
    [failed("ValueError", [null]), "None", "ValueError(None)"],
    [
      failed("OrderError", [42, { why: "no stock" }]),
      "(42, {'why': 'no stock'})",
      "OrderError(42, {'why': 'no stock'})",
    ],
    [failed("Outer.InnerError", ["it's"]), "it's", `InnerError("it's")`],
  ])("say %j as Python would", (failure, message, repr) => {
    expect(messageOf(failure)).toBe(message);
    expect(reprOf(failure)).toBe(repr);
  });

  it.each(plainFailures)("say what Celery's event said in %s", (name) => {
    const { published, events } = capture(name);
    const stored = published.map(({ raw }) => Object(parseJson(raw))).find(({ status }) => status === "FAILURE");
    const told = events.flatMap(({ body }) => body).find(({ type }) => type === "task-failed");

    expect(reprOf(failureIn(stored?.result))).toBe(told?.exception);
  });
});

describe("failureIn", () => {
  it.each([null, "boom", 42, {}, { exc_message: ["x"] }, ["x"], { exc_type: "", exc_message: [] }])(
    "makes a failure of %j, which is none",
    (value) => {
      expect(failureIn(value)).toMatchObject({ exc_type: "Exception", exc_module: "builtins" });
      expect(errorOf(failureIn(value), { taskId: "1" })).toBeInstanceOf(TaskFailure);
    },
  );

  it("takes a missing module for none", () => {
    expect(failureIn({ exc_type: "E", exc_message: ["x"] })).toEqual(failed("E", ["x"]));
  });
});

describe.skipIf(!hasPython("celery"))("in Celery's own client", () => {
  it("each of our failures becomes the exception that it says", () => {
    const failures = [...conditions, ...thrown].map((row) => row.at(-1)).filter(isOrdinary);

    expect(raisedByCelery(failures)).toEqual(
      failures.map((failure) => [expect.any(String), failure.exc_type, reprOf(failure)]),
    );
  });

  it("each built-in exception that we name takes one text", () => {
    const failures = [...builtinExceptions].map((name) => failed(name, ["x"], "builtins"));

    expect(raisedByCelery(failures)).toEqual(failures.map(({ exc_type: name }) => ["builtins", name, `${name}('x')`]));
  });

  it("the table of the wire's specification holds", () => {
    const raised = raisedByCelery([
      failed("StripeError", ["card declined", 402], "js.errors"),
      failed("print", ["x"], "builtins"),
    ]);

    expect(raised).toEqual([
      ["celery.exceptions", "StripeError", "StripeError('card declined', 402)"],
      ["celery.exceptions", "SecurityError", expect.stringContaining("print")],
    ]);
  });
});

/** Not NotRegistered, whose repr in Celery is a sentence. */
function isOrdinary(failure: unknown): failure is FailureData {
  return failureIn(failure).exc_type !== "NotRegistered";
}

/** An error whose name was set by hand. */
function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** What Celery's client makes of stored exceptions: module, class and repr. */
function raisedByCelery(failures: readonly FailureData[]): unknown {
  const program = `
import json, sys
from celery import Celery
app = Celery("x", backend="cache+memory://")

def raised(stored):
    try:
        error = app.backend.exception_to_python(stored)
    except Exception as refusal:
        error = refusal
    return [type(error).__module__, type(error).__name__, repr(error)]

print(json.dumps([raised(stored) for stored in json.load(sys.stdin)]))`;
  return JSON.parse(python(program, writeJson(failures), "celery"));
}
