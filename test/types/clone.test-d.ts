import { type AsyncResult, chain, group, type GroupResult, type GroupSignature, type Signature } from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import { add, log, negate, ping, scale, shout } from "./tasks.ts";

describe("a clone", () => {
  it("takes what is left once more is bound", () => {
    expectTypeOf(add.s().clone([1])).toEqualTypeOf<Signature<[x: number], number>>();
    expectTypeOf(add.s(2).clone([1])).toEqualTypeOf<Signature<[], number>>();
    expectTypeOf(add.s(2).clone([1]).delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
  });

  it("takes the same where nothing is bound", () => {
    expectTypeOf(add.s(2).clone()).toEqualTypeOf<Signature<[x: number], number>>();
    expectTypeOf(add.s(2).clone({ queue: "slow" })).toEqualTypeOf<Signature<[x: number], number>>();
    expectTypeOf(add.s(2).clone([], { queue: "slow" })).toEqualTypeOf<Signature<[x: number], number>>();
  });

  it("of an immutable one follows anything", () => {
    expectTypeOf(ping.si().clone({ countdown: 1 })).toEqualTypeOf(ping.si());
    expectTypeOf(chain(shout.s("a"), add.si(1, 1).clone([])).delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
  });

  it("of a chain binds what its first step takes", () => {
    expectTypeOf(chain(add.s(2), negate.s()).clone([1]).delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
  });

  it("of a group is a group, of whose members each is given the same", () => {
    expectTypeOf(
      group([negate.s(), add.s(2)])
        .clone([1])
        .delay(),
    ).resolves.toEqualTypeOf<GroupResult<[number, number]>>();
    expectTypeOf(group([negate.s()]).clone({ priority: 1 })).toEqualTypeOf<GroupSignature<[x: number], [number]>>();
  });

  it("may be given names", () => {
    expectTypeOf(scale.s(1).clone({ kwargs: { y: 2 } }).delay).toBeCallableWith();
    expectTypeOf(scale.s(1).clone({ queue: "slow" }).delay).parameters.toEqualTypeOf<[x: number]>();
  });

  it("of one that takes any number takes any more", () => {
    expectTypeOf(log.s().clone(["a"]).delay).toBeCallableWith(1, "b");
  });

  it("refuses what does not fit", () => {
    // @ts-expect-error: x is a number
    add.s(2).clone(["1"]);
    // @ts-expect-error: it takes one more
    add.s(2).clone([1, 2]);
    // @ts-expect-error: it takes nothing more
    ping.si().clone([1]);
    // @ts-expect-error: there is no such option
    add.s(2).clone({ queeu: "slow" });
    // @ts-expect-error: shout takes a text
    add.s(2).clone({ link: shout.s() });
  });
});
