import { type AsyncResult, chain, chord, type Collected, group, type GroupResult, type Signature } from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import { add, app, boom, label, measure, negate, ping, shout, sum } from "./tasks.ts";

const numbers = [1, 2, 3];
const ends = app.task("ends", (all: readonly Collected<number>[]) => all.length);
const texts = app.task("texts", (all: readonly string[]) => all.join());

describe("a chord", () => {
  it("gives its body the list of a header that is a list", () => {
    expectTypeOf(
      chord(
        numbers.map((each) => add.s(each, each)),
        sum.s(),
      ),
    ).toEqualTypeOf<Signature<[], number>>();
  });

  it("gives its body each result in its place", () => {
    expectTypeOf(chord([add.s(1, 1), shout.s("a")], label.s()).delay()).resolves.toEqualTypeOf<AsyncResult<string>>();
  });

  it("takes a group as its header", () => {
    expectTypeOf(chord(group([add.s(5, 5), add.s(25, 10)]), sum.s())).toEqualTypeOf<Signature<[], number>>();
  });

  it("counts the members of a group in its header", () => {
    expectTypeOf(chord([group([add.s(1, 1), add.s(2, 2)]), negate.s(1)], sum.s())).toEqualTypeOf<
      Signature<[], number>
    >();
  });

  it("takes chains as members", () => {
    expectTypeOf(chord([chain(add.s(1, 1), measure.s()), shout.s("a")], texts.s())).toEqualTypeOf<
      Signature<[], string>
    >();
  });

  it("takes one signature as its header, and gives its body a list of one", () => {
    expectTypeOf(chord(chain(add.s(1, 1), negate.s()), sum.s())).toEqualTypeOf<Signature<[], number>>();
  });

  it("takes what the members of its header still take", () => {
    expectTypeOf(chord([negate.s(), add.s(2)], sum.s()).delay).toBeCallableWith(1);
  });

  it("lets an immutable body follow anything", () => {
    expectTypeOf(chord([shout.s("a")], ping.si())).toEqualTypeOf<Signature<[], string>>();
  });

  it("gives the handle of its body", () => {
    expectTypeOf(chord([add.s(1, 1)], chain(sum.s(), group([negate.s(), measure.s()]))).delay()).resolves.toEqualTypeOf<
      GroupResult<[number, string]>
    >();
  });

  it("without members gives its body an empty list", () => {
    expectTypeOf(chord([], sum.s()).delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
  });

  it("is sent with options only", () => {
    const chorded = chord([add.s(1, 1)], sum.s());

    expectTypeOf(chorded.applyAsync({ countdown: 5, linkError: ping.si() })).resolves.toEqualTypeOf<
      AsyncResult<number>
    >();
  });

  it("refuses a body that does not take the list", () => {
    // @ts-expect-error: sum takes numbers
    chord([add.s(1, 1), shout.s("a")], sum.s());
  });

  it("refuses a body that takes one result of the list", () => {
    // @ts-expect-error: negate takes a number, not a list
    chord([add.s(1, 1)], negate.s());
  });

  it("refuses a body that takes nothing", () => {
    // @ts-expect-error: ping takes nothing; ping.si() would do
    chord([add.s(1, 1)], ping.s());
  });

  it("refuses to be sent without what the members of its header take", () => {
    // @ts-expect-error: x is missing
    void chord([negate.s(), add.s(2)], sum.s()).delay();
  });
});

describe("a chord that collects", () => {
  it("gives its body the end of each member", () => {
    expectTypeOf(chord([add.s(1, 1), boom.s()], ends.s(), { onError: "collect" })).toEqualTypeOf<
      Signature<[], number>
    >();
  });

  it("refuses a body that takes the results", () => {
    // @ts-expect-error: sum takes numbers, and gets ends
    chord([add.s(1, 1)], sum.s(), { onError: "collect" });
  });

  it("refuses a body that takes ends unless it collects", () => {
    // @ts-expect-error: ends takes ends, and gets numbers
    chord([add.s(1, 1)], ends.s());
  });

  it("refuses another word", () => {
    // @ts-expect-error: it is "fail" or "collect"
    chord([add.s(1, 1)], sum.s(), { onError: "colect" });
  });
});
