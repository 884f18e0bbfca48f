import type { AsyncResult, BoundTask, Task } from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import { add, app, boom, clear, measure, negate, ping, scale } from "./tasks.ts";

describe("a declared task", () => {
  it("takes its body's parameters and returns what its body returns", () => {
    const task = app.task("a", (x: number, y: number) => x + y);

    expectTypeOf(task).toEqualTypeOf<Task<[x: number, y: number], number>>();
  });

  it("returns what its body promises", () => {
    expectTypeOf(negate.delay(1)).resolves.toEqualTypeOf<AsyncResult<number>>();
  });

  it("lets an optional parameter be left out", () => {
    const task = app.task("a", (x: number, unit = "m") => `${x} ${unit}`);

    expectTypeOf(task).toEqualTypeOf<Task<[x: number, unit?: string], string>>();
    expectTypeOf(measure.delay).toBeCallableWith(1);
    expectTypeOf(measure.delay).toBeCallableWith(1, "km");
  });

  it("can be called on the spot, and then returns what its body does", () => {
    expectTypeOf(add(1, 2)).resolves.toEqualTypeOf<number>();
    expectTypeOf(clear()).resolves.toEqualTypeOf<void>();
  });

  it("gives the body of a bound task the running call, and its callers nothing of it", () => {
    const task = app.task({ name: "a", bind: true, maxRetries: 3 }, (call, url: string) => {
      expectTypeOf(call).toEqualTypeOf<BoundTask>();
      return url.length;
    });

    expectTypeOf(task).toEqualTypeOf<Task<[url: string], number>>();
  });

  it("returns nothing that could not follow it when it always throws", () => {
    expectTypeOf(boom.s().delay()).resolves.toEqualTypeOf<AsyncResult<never>>();
  });
});

describe("a call", () => {
  it("refuses an argument of another type", () => {
    // @ts-expect-error: a text is no number
    void add.delay("4", 4);
  });

  it("refuses too few arguments", () => {
    // @ts-expect-error: y is missing
    void add.delay(4);
  });

  it("refuses too many arguments", () => {
    // @ts-expect-error: ping takes none
    void ping.delay(1);
  });

  it("takes its arguments as a list, with options", () => {
    expectTypeOf(add.applyAsync([1, 2], { countdown: 3 })).resolves.toEqualTypeOf<AsyncResult<number>>();
  });

  it("takes options only, when it takes no arguments or may do without", () => {
    const wake = app.task("wake", (times = 1) => times);

    expectTypeOf(ping.applyAsync({ countdown: 3 })).resolves.toEqualTypeOf<AsyncResult<string>>();
    expectTypeOf(wake.applyAsync({ countdown: 3 })).resolves.toEqualTypeOf<AsyncResult<number>>();
  });

  it("refuses options only, when it takes arguments", () => {
    // @ts-expect-error: x and y are missing
    void add.applyAsync({ countdown: 3 });
  });

  it("refuses a list that is too short", () => {
    // @ts-expect-error: y is missing
    void add.applyAsync([1], { countdown: 3 });
  });

  it("may leave places to arguments that are given by name", () => {
    expectTypeOf(scale.applyAsync([1], { kwargs: { y: 2 } })).resolves.toEqualTypeOf<AsyncResult<number>>();
  });

  it("refuses an argument of another type beside named ones", () => {
    // @ts-expect-error: a text is no number
    void scale.applyAsync(["1"], { kwargs: { y: 2 } });
  });

  it("refuses an option that does not exist", () => {
    // @ts-expect-error: it is spelt countdown
    void add.applyAsync([1, 2], { cuntdown: 3 });
  });
});

describe("a declaration", () => {
  it("refuses an option that does not exist", () => {
    // @ts-expect-error: it is spelt maxRetries
    app.task({ name: "a", maxRetris: 3 }, (x: number) => x);
  });

  it("refuses a parameter without a type", () => {
    // @ts-expect-error: nothing says what callers give
    app.task("a", (x) => x);
  });

  it("refuses a bound body without a type for what callers give", () => {
    // @ts-expect-error: nothing says what callers give
    app.task({ name: "a", bind: true }, (call, x) => [call.name, x]);
  });
});
