import {
  type AsyncResult,
  children,
  collect,
  type GetOptions,
  group,
  type GroupResult,
  type Progress,
  type ResultHandle,
  ResultSet,
  type ResultTuple,
  resultFromTuple,
  stamp,
  type UmbelError,
} from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import { add, app, shout } from "./tasks.ts";

describe("a set of results", () => {
  it("gives each member's value in its place", async () => {
    const set = new ResultSet([await add.delay(1, 2), await shout.delay("a")]);

    expectTypeOf(set.get()).resolves.toEqualTypeOf<readonly [number, string]>();
    expectTypeOf(set.get({ propagate: false })).resolves.toEqualTypeOf<
      readonly [number | UmbelError, string | UmbelError]
    >();
  });

  it("hands out values of what its members give", async () => {
    const set = new ResultSet([await add.delay(1, 2), await shout.delay("a")]);

    for await (const [index, value] of set.iterate()) {
      expectTypeOf(index).toEqualTypeOf<number>();
      expectTypeOf(value).toEqualTypeOf<number | string>();
    }
  });

  it("is of as many members as a list has", async () => {
    const results: readonly AsyncResult<number>[] = [await add.delay(1, 2)];
    const set = new ResultSet(results);

    set.add(await add.delay(3, 4));

    expectTypeOf(set.get()).resolves.toEqualTypeOf<readonly number[]>();
  });

  it("refuses a member whose value would be of another type", async () => {
    const results: readonly AsyncResult<number>[] = [await add.delay(1, 2)];
    const set = new ResultSet(results);

    // @ts-expect-error: a text among numbers
    set.add(await shout.delay("a"));
  });

  it("has a group among its members", async () => {
    const set = new ResultSet([await group([add.s(1, 2), shout.s("a")]).delay()]);

    expectTypeOf(set.get()).resolves.toEqualTypeOf<readonly [[number, string]]>();
  });
});

describe("a handle", () => {
  it("is nothing that can be awaited: it has no then", async () => {
    const result = add.delay(1, 2);

    expectTypeOf<Awaited<AsyncResult<number>>>().toEqualTypeOf<AsyncResult<number>>();
    // @ts-expect-error: get() waits, and then() is its promise's
    (await result).then(String);
  });

  it("shows progress of which nobody knows the type", async () => {
    for await (const progress of await add.delay(1, 2)) {
      expectTypeOf(progress).toEqualTypeOf<Progress>();
      expectTypeOf(progress.info).toBeUnknown();
    }
  });

  it("may be what a task returns: its tuple is stored", async () => {
    const outer = app.task("types.outer", async () => await add.delay(1, 2));

    const result = await outer.delay();

    expectTypeOf(result.get()).resolves.toEqualTypeOf<ResultTuple>();
    expectTypeOf(resultFromTuple(app, await result.get())).toEqualTypeOf<AsyncResult | GroupResult>();
  });

  it("has children that are handles", async () => {
    const result = await add.delay(1, 2);

    expectTypeOf(await children(result)).toEqualTypeOf<readonly ResultHandle[]>();
    for await (const [each, value] of collect(result)) {
      expectTypeOf(each).toEqualTypeOf<ResultHandle>();
      expectTypeOf(value).toBeUnknown();
    }
  });

  it("refuses an option of waiting that there is not", () => {
    // @ts-expect-error: nobody polls
    const options: GetOptions = { interval: 0.5 };

    expectTypeOf(options).toEqualTypeOf<GetOptions>();
  });
});

describe("a stamped signature", () => {
  it("is of the type that it was", () => {
    const signature = add.s(1);

    expectTypeOf(stamp(signature, { tenant: "acme" })).toEqualTypeOf<typeof signature>();
    expectTypeOf(stamp(group([add.s(1, 2)]), { onSignature: () => ({ nth: 1 }) }).delay()).resolves.toEqualTypeOf<
      GroupResult<[number]>
    >();
  });
});
