import {
  type AsyncResult,
  type BoundTask,
  type RetryRules,
  type Task,
  type TaskReturn,
  Umbel,
  sharedTask,
} from "umbel";
import { describe, expectTypeOf, it } from "vitest";

const app = new Umbel("types");

describe("a hook", () => {
  it("does not get in the way of what the body takes and returns", () => {
    const task = app.task(
      { name: "a", bind: true, onSuccess: (result, call) => [result, call.name], afterReturn: ({ state }) => state },
      (_call, url: string) => url.length,
    );

    expectTypeOf(task).toEqualTypeOf<Task<[url: string], number>>();
    expectTypeOf(task.delay("a")).resolves.toEqualTypeOf<AsyncResult<number>>();
  });

  it("gets the running call, and what the body came to as something that it must look at", () => {
    app.task(
      {
        name: "a",
        beforeStart: (call) => expectTypeOf(call).toEqualTypeOf<BoundTask>(),
        onSuccess(result, call) {
          expectTypeOf(result).toEqualTypeOf<unknown>();
          expectTypeOf(call).toEqualTypeOf<BoundTask>();
        },
        onFailure: (error) => expectTypeOf(error).toEqualTypeOf<unknown>(),
        onRetry: (error) => expectTypeOf(error).toEqualTypeOf<unknown>(),
        afterReturn: (end) => expectTypeOf(end).toEqualTypeOf<TaskReturn>(),
      },
      () => 1,
    );
  });

  it("may say itself what it takes the result for, and the body is held to it", () => {
    app.task({ name: "a", onSuccess: (result: number) => result + 1 }, () => 1);
    app.task(
      { name: "b", bind: true, onSuccess: (result: number) => result + 1 },
      async (_task, url: string) => url.length,
    );
    app.task({ name: "c", onSuccess: (result: null) => result }, () => undefined);
    sharedTask({ name: "d", onSuccess: (result: number | string) => result }, () => 1);
    // @ts-expect-error: the body returns a number
    app.task({ name: "e", onSuccess: (result: string) => result.length }, () => 1);
    // @ts-expect-error: the body may return nothing
    app.task({ name: "f", onSuccess: (result: number) => result }, (x: number) => (x > 1 ? x : null));
    // @ts-expect-error: of a library's task as well
    sharedTask({ name: "g", onSuccess: (result: string) => result.length }, () => 1);
  });

  it("cannot say what a body throws: anything may be thrown", () => {
    // @ts-expect-error: the error is unknown
    app.task({ name: "a", onFailure: (error: RangeError) => error.message }, () => 1);
    // @ts-expect-error: so is that of a retry
    app.task({ name: "a", onRetry: (error: RangeError) => error.message }, () => 1);
  });

  it("tells by the state whether there is a value or an error", () => {
    app.task(
      {
        name: "a",
        afterReturn(end) {
          if (end.state === "SUCCESS") expectTypeOf(end.value).toEqualTypeOf<unknown>();
          // @ts-expect-error: a failure has no value
          else void end.value;
        },
      },
      () => 1,
    );
  });

  it("is refused when it is no function", () => {
    // @ts-expect-error: a text cannot be called
    app.task({ name: "a", onSuccess: "celebrate" }, () => 1);
  });

  it("is refused when it wants more than it is given", () => {
    // @ts-expect-error: there is no third argument
    app.task({ name: "a", onFailure: (_error: unknown, _call: BoundTask, _more: number) => 1 }, () => 1);
  });
});

describe("a retry policy", () => {
  it("is one option, checked as such", () => {
    expectTypeOf<RetryRules["for"]>().toEqualTypeOf<
      readonly (abstract new (...args: never[]) => Error)[] | undefined
    >();
    app.task({ name: "a", retry: { max: null, backoff: 2, cap: "10m", jitter: false, for: [TypeError] } }, () => 1);
  });

  it("refuses a rule that is none, and an error that is none", () => {
    // @ts-expect-error: it is max
    app.task({ name: "a", retry: { maxRetries: 3 } }, () => 1);
    // @ts-expect-error: a text is no class of errors
    app.task({ name: "a", retry: { for: ["TypeError"] } }, () => 1);
  });

  it("lets a retry change what a call may have, and nothing else", () => {
    app.task({ name: "a", bind: true }, (task) => {
      task.retry({ countdown: "10s", args: [1], kwargs: { y: 2 }, queue: "slow", expires: new Date() });
    });
    app.task({ name: "b", bind: true }, (task) => {
      // @ts-expect-error: a retry keeps its id
      task.retry({ taskId: "other" });
    });
  });
});
