import { type AsyncResult, type FailedCall, sharedTask, type SharedTask, type Task, type TaskBase, Umbel } from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import * as z from "zod/mini";
import { add, app, clear, log, negate, ping, shout, sum } from "./tasks.ts";

const onFail = app.errback("types.onFail", (failure) => failure.excType);

describe("a callback", () => {
  it("takes the result of what it is linked to, or nothing", () => {
    void add.applyAsync([1, 1], { link: add.s(1) });
    void add.applyAsync([1, 1], { link: [negate.s(), shout.si("done")] });
    void add.s(1, 1).applyAsync([], { link: negate.s() });
    add.s(1, 1).link(negate.s());
    add.s(1, 1).set({ link: [negate.s()] });
  });

  it("may be a task, whose only argument the result is", () => {
    void add.applyAsync([1, 1], { link: negate });
    add.s(1).link(log);
  });

  it("refuses a signature that does not take the result", () => {
    // @ts-expect-error: a number is no text
    void add.applyAsync([1, 1], { link: shout.s() });
    // @ts-expect-error: a number is no list
    add.s(1, 1).set({ link: [negate.s(), sum.s()] });
  });

  it("refuses a task that takes more than the result", () => {
    // @ts-expect-error: y is missing
    void add.applyAsync([1, 1], { link: add });
  });

  it("refuses a task that takes nothing", () => {
    // @ts-expect-error: ping.si() does not want it
    void add.applyAsync([1, 1], { link: ping });
    // @ts-expect-error: clear.si() does not want it
    add.s(1, 1).link(clear);
  });

  it("refuses a task that needs a name", () => {
    const named = app.task({ name: "a", kwargs: z.object({ unit: z.string() }) }, (x: number, { unit }) => [x, unit]);

    // @ts-expect-error: unit is missing
    void add.applyAsync([1, 1], { link: named });
    void add.applyAsync([1, 1], { link: named.s().kwargs({ unit: "m" }) });
  });

  it("refuses what is no signature", () => {
    // @ts-expect-error: a text is no signature
    void add.applyAsync([1, 1], { link: "types.negate" });
  });
});

describe("an errback", () => {
  it("gets the failed call, then what it is linked with", () => {
    const undo = app.errback({ name: "a", bind: true }, (task, failure, order: number) => {
      expectTypeOf(failure).toEqualTypeOf<FailedCall>();
      return [task.name, order];
    });

    expectTypeOf(onFail).toEqualTypeOf<Task<[failure: FailedCall], string>>();
    expectTypeOf(undo).toEqualTypeOf<Task<[failure: FailedCall, order: number], (string | number)[]>>();
    void add.applyAsync([1, 1], { linkError: undo.s(77) });
  });

  it("is linked as a signature or itself, alone or with others", () => {
    void add.applyAsync([1, 1], { linkError: onFail });
    void add.applyAsync([1, 1], { linkError: [onFail.s(), clear.si()] });
    add.s(1).linkError(onFail).linkError(onFail.s());
  });

  it("may be any task that takes a failed call", () => {
    const told = app.task("a", (failure: FailedCall) => failure.id);

    void add.applyAsync([1, 1], { linkError: told });
  });

  it("refuses a signature that does not take a failed call", () => {
    // @ts-expect-error: a failed call is no number
    void add.applyAsync([1, 1], { linkError: add.s(1) });
    // @ts-expect-error: a failed call is no text
    add.s(1).linkError(shout.s());
  });

  it("refuses a task that does not take a failed call", () => {
    // @ts-expect-error: a failed call is no number
    void add.applyAsync([1, 1], { linkError: negate });
  });

  it("refuses to be linked without what comes after the failure", () => {
    const undo = app.errback("a", (failure, order: number) => [failure.id, order]);

    // @ts-expect-error: order is missing
    void add.applyAsync([1, 1], { linkError: undo });
  });

  it("refuses a body that wants something else first", () => {
    // @ts-expect-error: it gets a failed call
    app.errback("a", (id: number) => id);
  });

  it("refuses a result that JSON does not carry", () => {
    // @ts-expect-error: a Date is no JSON
    app.errback("a", (failure) => new Date(failure.retries));
  });

  it("refuses params: it is always called with the failure", () => {
    // @ts-expect-error: an errback has no params
    app.errback({ name: "a", params: ["failure"] }, (failure) => failure.id);
  });
});

describe("a shared task", () => {
  const twice = sharedTask(
    { name: "lib.twice", kwargs: z.object({ by: z.prefault(z.number(), 2) }) },
    (x: number, { by }) => x * by,
  );

  it("is a task, and so is what register returns", () => {
    expectTypeOf(twice).toEqualTypeOf<SharedTask<[x: number], number, { by?: number | undefined }>>();
    expectTypeOf(app.register(twice)).toEqualTypeOf<Task<[x: number], number, { by?: number | undefined }>>();
    expectTypeOf(twice.delay(1)).resolves.toEqualTypeOf<AsyncResult<number>>();
  });

  it("refuses an argument of another type", () => {
    // @ts-expect-error: a text is no number
    void twice.delay("1");
  });

  it("refuses a result that JSON does not carry", () => {
    // @ts-expect-error: a Map is no JSON
    sharedTask("lib.map", () => new Map());
  });

  it("is the only kind of task that is registered", () => {
    // @ts-expect-error: add belongs to an application
    app.register(add);
  });
});

describe("options that are shared", () => {
  it("are a task's, but for those that say how it is called", () => {
    const base: TaskBase = { maxRetries: 3, queue: "slow", onFailure: (error, task) => [error, task.name] };

    app.task({ name: "a", base: [base, { priority: 3 }] }, () => 1);
    void new Umbel("b", {
      taskBase: base,
      taskAnnotations: [{ "a.*": base }, (task) => ({ shadowName: () => task.name })],
    });
  });

  it("refuse an option that there is not", () => {
    // @ts-expect-error: it is spelt maxRetries
    app.task({ name: "a", base: { maxRetris: 3 } }, () => 1);
    // @ts-expect-error: it is spelt maxRetries
    void new Umbel("b", { taskAnnotations: { a: { maxRetris: 3 } } });
  });

  it("refuse what belongs to one task", () => {
    // @ts-expect-error: each task has a name of its own
    app.task({ name: "a", base: { name: "b" } }, () => 1);
    // @ts-expect-error: bind says what the body gets
    app.task({ name: "a", base: { bind: true } }, () => 1);
  });
});

describe("a call by name", () => {
  it("returns what its caller says, and takes anything", () => {
    expectTypeOf(app.sendTask<number>("theirs.count", { args: [1], kwargs: { y: 2 } })).resolves.toEqualTypeOf<
      AsyncResult<number>
    >();
    expectTypeOf(app.sendTask("theirs.count")).resolves.toEqualTypeOf<AsyncResult>();
    expectTypeOf(app.signature<number>("theirs.count").kwargs({ y: 2 }).delay).toBeCallableWith(1);
  });

  it("refuses an option that there is not", () => {
    // @ts-expect-error: it is spelt countdown
    void app.sendTask("theirs.count", { cuntdown: 3 });
  });
});
