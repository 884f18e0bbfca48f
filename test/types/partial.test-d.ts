import {
  type AsyncResult,
  type ImmutableSignature,
  type Kwargs,
  type NamedSignature,
  type Signature,
  signature,
} from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import { add, app, clear, log, measure, ping, scale, shout } from "./tasks.ts";

describe("s()", () => {
  it("binds the last arguments and leaves the first to be given", () => {
    expectTypeOf(add.s()).toEqualTypeOf<Signature<[x: number, y: number], number>>();
    expectTypeOf(add.s(2)).toEqualTypeOf<Signature<[x: number], number>>();
    expectTypeOf(add.s(2, 2)).toEqualTypeOf<Signature<[], number>>();
  });

  it("leaves an optional parameter open", () => {
    expectTypeOf(measure.s()).toEqualTypeOf<Signature<[x: number, unit?: string], string>>();
  });

  it("knows by its type which parameter an argument is for", () => {
    expectTypeOf(measure.s("km")).toEqualTypeOf<Signature<[x: number], string>>();
    expectTypeOf(measure.s(1)).toEqualTypeOf<Signature<[], string>>();
  });

  it("needs all that comes before a bound argument, optional or not", () => {
    const pad = app.task("pad", (text?: string, width?: number) => text?.padEnd(width ?? 0) ?? "");

    expectTypeOf(pad.s(8)).toEqualTypeOf<Signature<[text: string], string>>();
  });

  it("leaves both ways open when an argument may be for either of two parameters", () => {
    const round = app.task("round", (x: number, digits?: number) => x.toFixed(digits));

    expectTypeOf(round.s(2)).toEqualTypeOf<Signature<[] | [x: number], string>>();
    expectTypeOf(round.s(2).delay).toBeCallableWith();
    expectTypeOf(round.s(2).delay).toBeCallableWith(1.234);
  });

  it("binds any number of the last of a rest parameter", () => {
    expectTypeOf(log.s(1, "a", "b")).toEqualTypeOf<Signature<[], null>>();
    expectTypeOf(log.s("b").delay).toBeCallableWith(1);
    expectTypeOf(log.s("b").delay).toBeCallableWith(1, "a");
  });

  it("refuses an argument that fits no place", () => {
    // @ts-expect-error: add takes numbers
    add.s("2");
  });

  it("refuses more arguments than there are places", () => {
    // @ts-expect-error: add takes two
    add.s(1, 2, 3);
  });

  it("refuses arguments whose last ones do not fit the last parameters", () => {
    // @ts-expect-error: the unit comes last
    measure.s("km", 1);
  });

  it("refuses a rest that is not bound to its end", () => {
    // @ts-expect-error: a level comes first
    log.s(1, 2);
  });
});

describe("a signature", () => {
  it("refuses to be sent without what it still takes", () => {
    // @ts-expect-error: x is missing
    void add.s(2).delay();
  });

  it("refuses to be sent with more than it still takes", () => {
    // @ts-expect-error: both are bound
    void add.s(2, 2).delay(2);
  });

  it("takes options only, once it is complete", () => {
    expectTypeOf(add.s(2, 2).applyAsync({ countdown: 3 })).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(scale.s().kwargs({ x: 2, y: 2 }).applyAsync({ countdown: 3 })).resolves.toEqualTypeOf<
      AsyncResult<number>
    >();
  });

  it("refuses options only, while it still takes something", () => {
    // @ts-expect-error: x is missing
    void add.s(2).applyAsync({ countdown: 3 });
  });

  it("refuses an argument of another type", () => {
    // @ts-expect-error: a text is no number
    void add.s(2).delay("2");
  });

  it("keeps its types with options, links and errbacks", () => {
    const made = add.s(2).set({ countdown: 1 }).link(add.s(8)).linkError(shout.si("failed"));

    expectTypeOf(made).toEqualTypeOf<Signature<[x: number], number>>();
  });

  it("may leave places to arguments that are given by name", () => {
    const made = scale.s().kwargs({ y: 2 });

    expectTypeOf(made.delay).toBeCallableWith(1);
    expectTypeOf(made.delay).toBeCallableWith();
  });

  it("refuses a callback that does not take its result", () => {
    // @ts-expect-error: shout takes a text
    add.s(2, 2).link(shout.s());
  });

  it("is made of data that nobody has looked at", () => {
    const data: unknown = JSON.parse("{}");

    expectTypeOf(signature<number>(app, data)).toEqualTypeOf<NamedSignature<number>>();
  });

  it("by name takes anything, and returns what its caller says", () => {
    const elsewhere = app.signature<number>("elsewhere.count");

    expectTypeOf(elsewhere.delay).toBeCallableWith(1, "two");
    expectTypeOf(elsewhere.pipe(add.s(1))).toEqualTypeOf<
      Signature<readonly unknown[], number, AsyncResult<number>, readonly unknown[], Kwargs>
    >();
  });
});

describe("si()", () => {
  it("takes nothing more, and follows anything", () => {
    expectTypeOf(add.si(1, 2)).toEqualTypeOf<ImmutableSignature<number>>();
  });

  it("refuses fewer arguments than its task takes", () => {
    // @ts-expect-error: nothing will be added to them
    add.si(1);
  });

  it("refuses arguments when it is sent", () => {
    // @ts-expect-error: it is immutable
    void ping.si().delay(1);
  });

  it("returns null where its task returns nothing", () => {
    expectTypeOf(clear.si()).toEqualTypeOf<ImmutableSignature<null>>();
  });
});

describe("a bound task's call", () => {
  it("takes what the signature takes, and returns its handle", () => {
    app.task({ name: "a", bind: true }, async (call, x: number) => {
      expectTypeOf(call.delay(add.s(1), x)).resolves.toEqualTypeOf<AsyncResult<number>>();
      return await Promise.resolve(null);
    });
  });

  it("refuses what the signature does not take", () => {
    app.task({ name: "a", bind: true }, async (call, text: string) => {
      // @ts-expect-error: add takes numbers
      await call.delay(add.s(1), text);
    });
  });
});

describe("signature() with immutable", () => {
  it("makes what si() makes", () => {
    expectTypeOf(add.signature([2, 2], { immutable: true, countdown: 1 })).toEqualTypeOf<ImmutableSignature<number>>();
    expectTypeOf(ping.signature([], { immutable: true })).toEqualTypeOf<ImmutableSignature<string>>();
    expectTypeOf(app.signature<number>("types.add", { args: [2, 2], immutable: true })).toEqualTypeOf<
      NamedSignature<number>
    >();
  });

  it("makes a partial signature where it says false", () => {
    expectTypeOf(add.signature([2], { immutable: false })).toEqualTypeOf<Signature<[x: number], number>>();
  });

  it("refuses to leave arguments out", () => {
    // @ts-expect-error: nothing can come before it
    add.signature([2], { immutable: true });
  });

  it("refuses a callback that does not take the result", () => {
    // @ts-expect-error: shout takes a text
    add.signature([2, 2], { immutable: true, link: shout.s() });
  });
});
