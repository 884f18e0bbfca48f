/** What runs at once is typed as what is sent: `apply` takes what is left, and gives the same handles. */

import { type AsyncResult, chord, type GroupResult, group, Umbel } from "umbel";
import { describe, expectTypeOf, it } from "vitest";

const app: Umbel = new Umbel("types", { taskAlwaysEager: true });
const add = app.task("types.add", (x: number, y: number) => x + y);
const sum = app.task("types.sum", (all: readonly number[]) => all.length);
const now = app.task("types.now", () => "now");

describe("apply", () => {
  it("gives the handle that sending gives", () => {
    expectTypeOf(add.apply([1, 2])).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(now.apply()).resolves.toEqualTypeOf<AsyncResult<string>>();
    expectTypeOf(add.s(1).apply([2])).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(chord([add.s(1, 1)], sum.s()).apply()).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(group([add.s(1, 1), now.s()]).apply()).resolves.toEqualTypeOf<GroupResult<[number, string]>>();
  });

  it("takes the options of a call, and whether to throw", () => {
    void add.apply([1, 2], { throw: true, taskId: "mine", priority: 3 });
    void now.apply({ throw: false });
    // @ts-expect-error: it says whether, not what
    void now.apply({ throw: "yes" });
    // @ts-expect-error: there is no such option
    void add.apply([1, 2], { thrown: true });
  });

  it("refuses arguments that do not fit", () => {
    // @ts-expect-error: one is missing
    void add.apply([1]);
    // @ts-expect-error: it takes numbers
    void add.apply([1, "2"]);
    // @ts-expect-error: it takes two
    void add.apply();
    // @ts-expect-error: one is left to be given
    void add.s(1).apply();
    // @ts-expect-error: nothing is left to be given
    void add.s(1, 2).apply([3]);
  });
});
