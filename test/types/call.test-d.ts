import { chain, chord, group } from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import { add, clear, measure, negate, shout, sum } from "./tasks.ts";

describe("a signature that is called", () => {
  it("takes what is still to be given, and promises its result", () => {
    expectTypeOf(add.s(2, 2)()).resolves.toEqualTypeOf<number>();
    expectTypeOf(add.s(2)(1)).resolves.toEqualTypeOf<number>();
    expectTypeOf(measure.s()(1, "m")).resolves.toEqualTypeOf<string>();
    expectTypeOf(clear.s()()).resolves.toEqualTypeOf<null>();
  });

  it("is checked as a canvas", () => {
    expectTypeOf(chain(add.s(4), measure.s())(1)).resolves.toEqualTypeOf<string>();
    expectTypeOf(group([add.s(1), negate.s()])(1)).resolves.toEqualTypeOf<[number, number]>();
    expectTypeOf(chord([add.s(1, 1)], sum.s())()).resolves.toEqualTypeOf<number>();
  });

  it("does not take too little, too much or the wrong thing", () => {
    // @ts-expect-error: one number is missing
    void add.s(2)();
    // @ts-expect-error: nothing is missing
    void add.s(2, 2)(1);
    // @ts-expect-error: not a text
    void chain(add.s(4), measure.s())("1");
  });

  it("is inferred in a chain beside steps that are no calls", () => {
    const later = add.s(1);

    expectTypeOf(
      chain(add.s(1, 1), later, add.s(2).set({ countdown: 1 }), measure.s())(),
    ).resolves.toEqualTypeOf<string>();
    // @ts-expect-error: a number is no text
    chain(add.s(1, 1), later, shout.s());
  });
});
