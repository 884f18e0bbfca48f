import type { AsyncResult, ResultTuple } from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import { add, app } from "./tasks.ts";

describe("a handle's tuple", () => {
  it("is returned by a task, as the handle itself may be", async () => {
    const start = app.task("start", async (x: number) => (await add.delay(x, 1)).asTuple());
    const begin = app.task("begin", async (x: number) => await add.delay(x, 1));

    expectTypeOf(start.delay(1)).resolves.toEqualTypeOf<AsyncResult<ResultTuple>>();
    expectTypeOf(begin.delay(1)).resolves.toEqualTypeOf<AsyncResult<ResultTuple>>();
    await Promise.resolve();
  });

  it("is taken by a task, and may be among other data", () => {
    app.task("follow", (tuple: ResultTuple, others: readonly ResultTuple[]) => ({ tuple, others }));
  });
});
