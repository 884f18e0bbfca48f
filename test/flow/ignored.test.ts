/** Whoever asks for a result that nobody keeps is answered at once, wherever in a canvas it would have come. */

import { chain, chord, group } from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
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

/** Tasks that return or throw, whose results are ignored but for errors. */
function careful(options: WorldOptions = {}) {
  const made = quietly(options);
  const about = { ignoreResult: true, storeErrorsEvenIfIgnored: true };
  return {
    ...made,
    fine: made.app.task({ name: "tasks.fine", ...about }, (x: number) => x),
    boom: made.app.task({ name: "tasks.boom", ...about }, (_x: number): number => {
      throw new RangeError("too far");
    }),
  };
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

describe("a handle of a result of which only errors are kept", () => {
  it("waits for the end, and tells the error if it is one", async () => {
    const { fine, boom, finish, clock } = careful();
    const [good, bad] = [await fine.delay(1), await boom.delay(1)];

    const waiting = Promise.all([good.get(), bad.settled()]);
    await until(() => clock.sleepers() === 2);
    await finish();

    expect(await waiting).toEqual([
      undefined,
      { state: "FAILURE", error: expect.objectContaining({ message: "too far" }) },
    ]);
    await expect(bad.get()).rejects.toThrow("too far");
    expect([good.ignored, bad.ignored]).toEqual([true, true]);
  });

  it("keeps no value: what is stored of a success says that it is one", async () => {
    const { app, fine, finish } = careful();
    const { id } = await fine.delay(1);

    await finish();

    expect(await app.result(id).meta()).toMatchObject({ status: "SUCCESS", result: null });
  });

  it("stands in a group as undefined, or as its error", async () => {
    const { add, fine, boom, finish } = careful();
    const result = await group([fine.s(1), add.s(1, 2), boom.s(1)]).delay();

    const waiting = result.get({ propagate: false });
    await finish();

    expect(await waiting).toEqual([undefined, 3, expect.objectContaining({ message: "too far" })]);
  });

  it("tells what became of a step that never ran", async () => {
    const { boom, fine, finish } = careful();
    const result = await chain(boom.s(1), fine.s().set({ ignoreResult: true })).delay();

    const waiting = result.settled();
    await finish();

    expect(await waiting).toMatchObject({ state: "FAILURE", error: { message: "too far" } });
  });

  it("tells that it was revoked", async () => {
    const { fine, finish } = careful();
    const result = await fine.delay(1);
    await result.revoke();

    const waiting = result.settled();
    await finish();

    expect(await waiting).toMatchObject({ state: "REVOKED" });
  });

  it("costs what any task costs", async () => {
    const { fine, drain, ports } = careful();

    await fine.delay(1);
    await drain();

    expect(ports.calls.filter((each) => each !== "verify")).toEqual(["publish", "claim", "finish"]);
  });
});

describe("a task whose results are ignored", () => {
  it.each(["by its task", "by its call"])(
    "shows nobody that it has begun, although starts are tracked: %s",
    async (who) => {
      const { app, backend, finish } = world({ taskTrackStarted: true });
      const seen: unknown[] = [];
      const isTask = who === "by its task";
      const shy = app.task({ name: "tasks.shy", bind: true, ignoreResult: isTask }, async ({ request: { id } }) => {
        seen.push(...(await backend.read([id])));
      });

      await shy.applyAsync([], isTask ? {} : { ignoreResult: true });
      await finish();

      expect(seen).toEqual([undefined]);
    },
  );
});
