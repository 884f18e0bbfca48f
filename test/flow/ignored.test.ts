/** Whoever asks for a result that nobody keeps is answered at once, wherever in a canvas it would have come. */

import { chain, chord, group } from "umbel";
import { describe, expect, it } from "vitest";
import { world, type WorldOptions } from "./world.ts";

function quietly(options: WorldOptions = {}) {
  const made = world(options);
  const { app } = made;
  const add = app.task("tasks.add", (x: number, y: number) => x + y);
  const sum = app.task("tasks.sum", (values: readonly number[]) => values.length);
  const quiet = app.task({ name: "tasks.quiet", ignoreResult: true }, (x: number) => x);
  const quietSum = app.task(
    { name: "tasks.quietSum", ignoreResult: true },
    (values: readonly number[]) => values.length,
  );
  return { ...made, add, sum, quiet, quietSum };
}

describe("a handle of a result that nobody keeps", () => {
  it.each<[where: string, send: (tasks: ReturnType<typeof quietly>) => Promise<{ get(): Promise<unknown> }>, unknown]>([
    ["the last step of a chain", async ({ add, quiet }) => await chain(add.s(1, 2), quiet.s()).delay(), undefined],
    [
      "by an option of that step",
      async ({ add }) => await chain(add.s(1, 2), add.s(3).set({ ignoreResult: true })).delay(),
      undefined,
    ],
    ["the body of a chord", async ({ add, quietSum }) => await chord([add.s(1, 2)], quietSum.s()).delay(), undefined],
    [
      "members of a group",
      async ({ add, quiet }) => await group([quiet.s(1), chain(add.s(1, 2), quiet.s())]).delay(),
      [undefined, undefined],
    ],
    [
      "a step behind a chord",
      async ({ add, sum, quiet }) => await chain(group([add.s(1, 2), add.s(3, 4)]), sum.s(), quiet.s()).delay(),
      undefined,
    ],
  ])("answers at once: %s", async (_, send, value) => {
    const tasks = quietly();
    const result = await send(tasks);

    expect(await result.get()).toEqual(value);
    expect(tasks.clock.sleepers()).toBe(0);
    expect(tasks.broker.waiting.length).toBeGreaterThan(0);
  });

  it("answers at once in the middle of a chain too, and the end of it is waited for", async () => {
    const { add, quiet, finish } = quietly();
    const result = await chain(add.s(1, 2), quiet.s(), add.s(4)).delay();

    expect(await result.parent?.get()).toBeUndefined();
    await finish();
    expect(await result.get()).toBe(7);
  });

  it("is waited for when the call says otherwise", async () => {
    const { add, quiet, finish } = quietly();
    const result = await chain(add.s(1, 2), quiet.s().set({ ignoreResult: false })).delay();

    await finish();

    expect(await result.get()).toBe(3);
  });

  it("is waited for when only its worker knows the task: what is ignored here says nothing of tasks elsewhere", async () => {
    const { app, add } = quietly({ taskIgnoreResult: true });
    const elsewhere = app.signature<number>("tasks.elsewhere");

    const [alone, behind] = [await elsewhere.delay(), await chain(add.s(1, 2), elsewhere).delay()];

    expect([alone.ignored, behind.ignored]).toEqual([true, false]);
  });
});
