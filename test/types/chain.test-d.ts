import { type AsyncResult, chain, group, type GroupResult, type ImmutableSignature, type Signature } from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import { add, app, boom, clear, label, measure, negate, ping, shout, sum } from "./tasks.ts";

const numbers = [1, 2, 3];
const additions = numbers.map((each) => add.s(each));

describe("a chain", () => {
  it("returns what its last step returns", () => {
    expectTypeOf(chain(add.s(2, 2), add.s(4), add.s(8))).toEqualTypeOf<Signature<[], number>>();
    expectTypeOf(chain(add.s(2, 2), measure.s("km"), shout.s())).toEqualTypeOf<Signature<[], string>>();
  });

  it("takes what its first step still takes", () => {
    expectTypeOf(chain(add.s(4), measure.s())).toEqualTypeOf<Signature<[x: number], string>>();
  });

  it("follows anything when its first step is immutable", () => {
    expectTypeOf(chain(add.si(2, 2), negate.s())).toEqualTypeOf<ImmutableSignature<number>>();
  });

  it("may be a step of a chain", () => {
    const inner = chain(add.s(4), add.s(8));

    expectTypeOf(chain(add.s(4, 16), add.s(2), inner)).toEqualTypeOf<Signature<[], number>>();
  });

  it("lets an immutable step follow anything", () => {
    expectTypeOf(chain(shout.s("a"), add.si(2, 2), ping.si())).toEqualTypeOf<Signature<[], string>>();
  });

  it("lets a step with an optional parameter follow", () => {
    expectTypeOf(chain(add.s(2, 2), measure.s())).toEqualTypeOf<Signature<[], string>>();
  });

  it("lets anything follow a step that always fails", () => {
    expectTypeOf(chain(boom.s(), shout.s())).toEqualTypeOf<Signature<[], string>>();
  });

  it("feeds null to what follows a step that returns nothing", () => {
    const isNull = app.task("isNull", (value: null) => value === null);

    expectTypeOf(chain(clear.s(), isNull.s())).toEqualTypeOf<Signature<[], boolean>>();
  });

  it("refuses a step that does not take what the one before it returns", () => {
    // @ts-expect-error: shout takes a text, add returns a number
    chain(add.s(2, 2), shout.s());
  });

  it("names the step that does not fit, wherever it stands", () => {
    chain(
      add.s(2, 2),
      measure.s(),
      // @ts-expect-error: negate takes a number, measure returns a text
      negate.s(),
    );
  });

  it("refuses s() of a task that takes nothing after a step that returns something", () => {
    // @ts-expect-error: ping takes nothing; ping.si() would do
    chain(add.s(2, 2), ping.s());
  });

  it("refuses s() of a task that takes nothing after a step that returns nothing, for that is null", () => {
    // @ts-expect-error: ping takes nothing; ping.si() would do
    chain(clear.s(), ping.s());
  });

  it("refuses a step that still takes two arguments", () => {
    // @ts-expect-error: one result cannot be both
    chain(add.s(2, 2), add.s());
  });

  it("refuses a step that takes nothing more", () => {
    // @ts-expect-error: both arguments are bound
    chain(add.s(2, 2), add.s(4, 4));
  });

  it("refuses to be empty", () => {
    // @ts-expect-error: there is nothing to send
    chain();
  });

  it("refuses to be sent without what its first step takes", () => {
    // @ts-expect-error: x is missing
    void chain(add.s(4), add.s(8)).delay();
  });
});

describe("a list that is spread into a chain", () => {
  it("is fine when its steps fit each other", () => {
    expectTypeOf(chain(...additions)).toEqualTypeOf<Signature<[x: number], number>>();
  });

  it("is fine between steps that fit it and each other", () => {
    expectTypeOf(chain(add.s(1, 1), ...additions, measure.s(), shout.s())).toEqualTypeOf<Signature<[], string>>();
  });

  it("refuses steps that do not fit each other", () => {
    const lengths = numbers.map((each) => measure.s(`${each} m`));
    // @ts-expect-error: measure returns a text and takes a number
    chain(...lengths);
  });

  it("refuses to follow a step that it does not fit", () => {
    // @ts-expect-error: add takes a number, shout returns a text
    chain(shout.s("a"), ...additions);
  });

  it("refuses a step after it that does not fit", () => {
    // @ts-expect-error: shout takes a text, add returns a number
    chain(add.s(1, 1), ...additions, shout.s());
  });

  it("refuses a step after it that would not fit if the list were empty", () => {
    const count = app.task("count", (anything: unknown) => [anything].length);
    const counts = numbers.map(() => count.s());
    chain(ping.s(), count.s(), ...counts, negate.s());
    // @ts-expect-error: without counts, negate follows ping, which returns a text
    chain(ping.s(), ...counts, negate.s());
  });
});

describe("a chain with groups", () => {
  it("that ends in one gives a group's handle", () => {
    expectTypeOf(chain(add.s(4, 4), group([negate.s(), measure.s()])).delay()).resolves.toEqualTypeOf<
      GroupResult<[number, string]>
    >();
  });

  it("feeds the list of a group to the step after it", () => {
    expectTypeOf(chain(group([add.s(1, 1), shout.s("a")]), label.s()).delay()).resolves.toEqualTypeOf<
      AsyncResult<string>
    >();
    expectTypeOf(chain(group(additions), sum.s())).toEqualTypeOf<Signature<[x: number], number>>();
  });

  it("refuses a step after a group that does not take its list", () => {
    // @ts-expect-error: one of the list is a text
    chain(group([add.s(1, 1), shout.s("a")]), sum.s());
  });

  it("refuses a group with a member that does not take the step before it", () => {
    // @ts-expect-error: shout takes a text, add returns a number
    chain(add.s(1, 1), group([negate.s(), shout.s()]));
  });
});
