import type { AsyncResult } from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import { app } from "./tasks.ts";

declare function find(order: number): Promise<{ readonly price: number } | undefined>;
declare function pay(price: number): Promise<string>;

describe("a body that ends its attempt", () => {
  it("returns what its other ways out return, when it throws and returns as docs/tasks.md says", () => {
    const charge = app.task({ name: "shop.charge", bind: true }, async (task, order: number) => {
      const found = await find(order);
      if (found === undefined) return task.ignore();
      try {
        return await pay(found.price);
      } catch (error) {
        throw task.retry({ exc: error });
      }
    });

    expectTypeOf(charge.delay(1)).resolves.toEqualTypeOf<AsyncResult<string>>();
  });
});
