import { group, type GroupResult, type Signature } from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import { add, measure, negate, ping, shout, sum } from "./tasks.ts";

describe("pipe()", () => {
  it("takes what this one takes and returns what the next one returns", () => {
    expectTypeOf(add.s(4).pipe(measure.s("km"))).toEqualTypeOf<Signature<[x: number], string>>();
    expectTypeOf(add.s(2, 2).pipe(add.s(4)).pipe(add.s(8))).toEqualTypeOf<Signature<[], number>>();
  });

  it("into a group gives the group's handle", () => {
    expectTypeOf(
      add
        .s(2, 2)
        .pipe(group([negate.s(), measure.s()]))
        .delay(),
    ).resolves.toEqualTypeOf<GroupResult<[number, string]>>();
  });

  it("after a group makes a chord: the next one gets the list", () => {
    expectTypeOf(group([add.s(1, 1), add.s(2, 2)]).pipe(sum.s())).toEqualTypeOf<Signature<[], number>>();
  });

  it("refuses a step that does not take the result", () => {
    // @ts-expect-error: shout takes a text, add returns a number
    add.s(2, 2).pipe(shout.s());
  });

  it("refuses s() of a task that takes nothing, and lets si() follow", () => {
    // @ts-expect-error: ping takes nothing
    add.s(2, 2).pipe(ping.s());
    expectTypeOf(add.s(2, 2).pipe(ping.si())).toEqualTypeOf<Signature<[], string>>();
  });

  it("refuses a body that does not take a group's list", () => {
    // @ts-expect-error: one of the list is a text
    group([add.s(1, 1), shout.s("a")]).pipe(sum.s());
  });
});
