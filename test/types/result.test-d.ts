import type { AsyncResult, ResultHandle, Settled, UmbelError } from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import { add, app, clear } from "./tasks.ts";

describe("a call's handle", () => {
  it("gives the result, and with propagate false an error in its place", async () => {
    const result = await add.delay(1, 2);

    expectTypeOf(result.get({ timeout: "10s" })).resolves.toEqualTypeOf<number>();
    expectTypeOf(result.get({ propagate: false })).resolves.toEqualTypeOf<number | UmbelError>();
  });

  it("gives null where its task returns nothing", async () => {
    const result = await clear.delay();

    expectTypeOf(result.get()).resolves.toEqualTypeOf<null>();
  });

  it("gives null where its task returns nothing now and then", async () => {
    const find = app.task("find", (id: number): string | undefined => ["a", "b"][id]);

    const result = await find.delay(1);

    expectTypeOf(result.get()).resolves.toEqualTypeOf<string | null>();
  });

  it("settles as success with a result, or as failure with an error", async () => {
    const settled = await (await add.delay(1, 2)).settled();

    expectTypeOf(settled).toEqualTypeOf<Settled<number>>();
    if (settled.state === "SUCCESS") expectTypeOf(settled.result).toEqualTypeOf<number>();
    else expectTypeOf(settled.error).toEqualTypeOf<UmbelError>();
  });

  it("refuses to give a result before it is known to be a success", async () => {
    const settled = await (await add.delay(1, 2)).settled();

    // @ts-expect-error: it may have failed
    expectTypeOf(settled.result).toBeNumber();
  });

  it("refuses to be taken for the result", async () => {
    // @ts-expect-error: the result is what get() waits for
    const result: number = await add.delay(1, 2);

    expectTypeOf(result).toBeNumber();
  });

  it("leads to its parent, which can be asked like any handle", async () => {
    const { parent } = await add.delay(1, 2);

    expectTypeOf(parent).toEqualTypeOf<ResultHandle | null>();
    expectTypeOf<ResultHandle["get"]>().returns.resolves.toBeUnknown();
    expectTypeOf<ResultHandle["state"]>().returns.resolves.toBeString();
    expectTypeOf<ResultHandle["ready"]>().returns.resolves.toBeBoolean();
  });

  it("by id gives what its caller says", () => {
    expectTypeOf(app.result<number>("an id")).toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(app.result("an id").get()).resolves.toBeUnknown();
  });
});
