import { type AsyncResult, chain, group, type GroupResult, type GroupSignature, type UmbelError } from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import { add, app, clear, measure, negate, ping, shout, sum } from "./tasks.ts";

const numbers = [1, 2, 3];

describe("a group", () => {
  it("returns its members' results in order", () => {
    expectTypeOf(group([add.s(1, 1), shout.s("a"), clear.s()])).toEqualTypeOf<
      GroupSignature<[], [number, string, null]>
    >();
  });

  it("of a list returns a list", () => {
    expectTypeOf(group(numbers.map((each) => add.s(each, each))).delay()).resolves.toEqualTypeOf<
      GroupResult<number[]>
    >();
  });

  it("takes what each of its members takes", () => {
    expectTypeOf(group([negate.s(), add.s(2), measure.s()]).delay).toBeCallableWith(1);
  });

  it("of members that take different objects takes what is both", () => {
    const mail = app.task("mail", (to: { address: string }) => to.address);
    const greet = app.task("greet", (who: { name: string }) => who.name);

    expectTypeOf(group([mail.s(), greet.s()]).delay).toBeCallableWith({ address: "a@b.c", name: "Art" });
  });

  it("refuses what only some of its members take", () => {
    // @ts-expect-error: shout takes a text
    void group([negate.s(), shout.s()]).delay(1);
  });

  it("refuses to be sent without what its members take", () => {
    // @ts-expect-error: x is missing
    void group([negate.s(), add.s(2)]).delay();
  });

  it("refuses what a complete member does not take", () => {
    // @ts-expect-error: add has both its arguments
    void group([negate.s(), add.s(2, 2)]).delay(1);
  });

  it("takes nothing when all its members are immutable, and then follows anything", () => {
    const members = group([add.si(1, 1), ping.si()]);

    expectTypeOf(members).toEqualTypeOf<GroupSignature<[], [number, string], readonly unknown[]>>();
  });

  it("feeds those of its members that take something, and not the immutable ones", () => {
    const members = group([negate.s(), ping.si()]);

    expectTypeOf(members).toEqualTypeOf<GroupSignature<[x: number], [number, string]>>();
    expectTypeOf(chain(add.s(1, 1), members).delay()).resolves.toEqualTypeOf<GroupResult<[number, string]>>();
  });

  it("without members returns an empty list", () => {
    expectTypeOf(group([]).delay()).resolves.toEqualTypeOf<GroupResult<[]>>();
  });

  it("may have its members one by one", () => {
    expectTypeOf(group(add.s(1, 1), shout.s("a"), clear.s())).toEqualTypeOf<
      GroupSignature<[], [number, string, null]>
    >();
    expectTypeOf(group(add.s(1, 1)).delay()).resolves.toEqualTypeOf<GroupResult<[number]>>();
    expectTypeOf(group(...numbers.map((each) => add.s(each, each))).delay()).resolves.toEqualTypeOf<
      GroupResult<number[]>
    >();
    expectTypeOf(group(group(add.s(1, 1), ping.s()), negate.s(1)).delay()).resolves.toEqualTypeOf<
      GroupResult<[number, string, number]>
    >();
    expectTypeOf(group().delay()).resolves.toEqualTypeOf<GroupResult<[]>>();
    expectTypeOf(group(negate.s(), add.s(2)).delay).toBeCallableWith(1);
  });

  it("may have its members from anything that they can be taken from", () => {
    const calls = new Set(numbers.map((each) => add.s(each, each)));

    expectTypeOf(group(calls).delay()).resolves.toEqualTypeOf<GroupResult<number[]>>();
  });

  it("refuses members that are no signatures", () => {
    // @ts-expect-error: add.s() would be one
    group([add]);
    // @ts-expect-error: add.s() would be one
    group(add);
    // @ts-expect-error: the second is none
    group(add.s(1, 1), 5);
    // @ts-expect-error: one list, or members one by one
    group([add.s(1, 1)], add.s(1, 1));
  });

  it("refuses a callback, for it has no single end", () => {
    // @ts-expect-error: its members can be linked to
    group([add.s(1, 1)]).link(sum.s());
  });
});

describe("a group directly inside a group", () => {
  it("counts as its members", () => {
    const nested = group([group([add.s(1, 1), shout.s("a")]), ping.s()]);

    expectTypeOf(nested.delay()).resolves.toEqualTypeOf<GroupResult<[number, string, string]>>();
  });

  it("counts as its members with options, too", () => {
    const nested = group([group([add.s(1, 1), shout.s("a")]).set({ countdown: 1 }), ping.s()]);

    expectTypeOf(nested.delay()).resolves.toEqualTypeOf<GroupResult<[number, string, string]>>();
  });

  it("of any number of members makes a list with a tail", () => {
    const nested = group([ping.s(), group(numbers.map((each) => add.s(each, each)))]);

    expectTypeOf(nested.delay()).resolves.toEqualTypeOf<GroupResult<[string, ...number[]]>>();
  });

  it("at the end of a chain is one member, whose value is a list", () => {
    const nested = group([chain(add.s(1, 1), group([negate.s(), measure.s()])), ping.s()]);

    expectTypeOf(nested.delay()).resolves.toEqualTypeOf<GroupResult<[[number, string], string]>>();
  });
});

describe("a group's handle", () => {
  it("gives the results, and with propagate false errors in their places", async () => {
    const result = await group([add.s(1, 1), shout.s("a")]).delay();

    expectTypeOf(result.get()).resolves.toEqualTypeOf<[number, string]>();
    expectTypeOf(result.get({ propagate: false })).resolves.toEqualTypeOf<[number | UmbelError, string | UmbelError]>();
  });

  it("gives each member's handle", async () => {
    const result = await group([add.s(1, 1), shout.s("a")]).delay();

    expectTypeOf(result.results[1].get()).resolves.toEqualTypeOf<string>();
  });

  it("refuses to be taken for the handle of a call", async () => {
    // @ts-expect-error: the result is a list
    const result: AsyncResult<number> = await group([add.s(1, 1)]).delay();

    expectTypeOf(result).toExtend<AsyncResult<number>>();
  });
});
