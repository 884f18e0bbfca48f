/** Tasks that are told of failures, and what may be linked (delivery.md 17). */

import { chain, chord, type FailedCall, group, ImproperlyConfigured } from "umbel";
import { describe, expect, it } from "vitest";
import { backendless } from "./backendless.ts";
import { type World, world, type WorldOptions } from "./world.ts";

/** Tasks that fail, and an errback that writes down what it is told. */
function failing(options: WorldOptions = {}) {
  const home: World = world(options);
  const { app } = home;
  const told: FailedCall[] = [];
  const boom = app.task("tasks.boom", (...given: readonly unknown[]): number => {
    throw new RangeError(`boom of ${given.length}`);
  });
  const add = app.task("tasks.add", (x: number, y: number) => x + y);
  const onFail = app.errback("tasks.onFail", (failure) => {
    told.push(failure);
    return failure.excType;
  });
  return { ...home, told, boom, add, onFail };
}

/** What a Python worker publishes for an errback. */
async function sendId(
  { broker, finish }: { readonly broker: World["broker"]; readonly finish: () => Promise<unknown> },
  id: string,
): Promise<void> {
  const headers = { lang: "py", task: "tasks.onFail", id: "e-1", root_id: "root-1", parent_id: id };
  const message = { headers, properties: {}, body: [[id], {}, {}] } as const;
  await broker.publish([{ message, queue: "default", deduplicationId: "e-1" }]);
  await finish();
}

describe("an errback", () => {
  it("gets the failed call as data", async () => {
    const { boom, onFail, told, finish } = failing();

    const result = await boom.applyAsync([1, "two"], { linkError: onFail.s() });
    await finish();

    expect(told).toEqual([
      {
        id: result.id,
        rootId: result.id,
        task: "tasks.boom",
        args: [1, "two"],
        kwargs: {},
        retries: 0,
        state: "FAILURE",
        excType: "RangeError",
        excMessage: "boom of 2",
        traceback: expect.stringContaining("RangeError: boom of 2"),
      },
    ]);
  });

  it("may be linked itself, without s()", async () => {
    const { boom, onFail, told, finish } = failing();

    await boom.applyAsync([1], { linkError: [onFail, onFail.s()] });
    await boom.s(2).linkError(onFail).delay();
    await finish();

    expect(told.map(({ args }) => args)).toEqual([[1], [1], [2]]);
  });

  it("gets what it was linked with after the failure, and the running call before it", async () => {
    const { app, boom, finish } = failing();
    const seen: unknown[] = [];
    const undo = app.errback({ name: "tasks.undo", bind: true }, (task, failure, order: number) => {
      seen.push([task.name, failure.excType, order, task.request.parentId === failure.id]);
    });

    await boom.applyAsync([], { linkError: undo.s(77) });
    await finish();

    expect(seen).toEqual([["tasks.undo", "RangeError", 77, true]]);
  });

  it("hears of a chain's failing step once, with the root of the chain", async () => {
    const { boom, add, onFail, told, finish } = failing();

    await chain(add.s(1, 1), boom.s(), add.s(1)).linkError(onFail.s()).delay();
    await finish();

    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ task: "tasks.boom", args: [2] });
    expect(told[0]?.rootId).not.toBe(told[0]?.id);
  });

  it("hears of a chord's body that fails because of its header", async () => {
    const { app, boom, add, onFail, told, finish } = failing();
    const sum = app.task("tasks.sum", (values: readonly number[]) => values.length);

    await chord(group([add.s(1, 1), boom.s()]), sum.s().linkError(onFail)).delay();
    await finish();

    expect(told).toMatchObject([{ task: "tasks.sum", excType: "ChordError", traceback: null }]);
  });

  it("hears of a call that was revoked", async () => {
    const { app, add, onFail, told, finish } = failing();

    const result = await add.applyAsync([1, 1], { linkError: onFail });
    await app.result(result.id).revoke();
    await finish();

    expect(told).toMatchObject([{ task: "tasks.add", state: "REVOKED", excType: "TaskRevokedError" }]);
  });
});

describe("an errback that gets the id of a failed call only, as Python sends it", () => {
  it("reads the failure first", async () => {
    const home = failing({ resultExtended: true });
    const { boom, told, finish } = home;
    const { id } = await boom.delay(1, 2);
    await finish();

    await sendId(home, id);

    expect(told).toEqual([
      {
        id,
        rootId: "root-1",
        task: "tasks.boom",
        args: [1, 2],
        kwargs: {},
        retries: 0,
        state: "FAILURE",
        excType: "RangeError",
        excMessage: "boom of 2",
        traceback: expect.stringContaining("RangeError: boom of 2"),
      },
    ]);
  });

  it("says so when nothing is stored of it", async () => {
    const home = failing();

    await sendId(home, "unknown");

    expect(home.told).toMatchObject([{ id: "unknown", excType: "", excMessage: "Nothing is stored of it" }]);
  });

  it("fails by name where there is no backend to read from", async () => {
    const home = backendless();
    const told: FailedCall[] = [];
    home.app.errback("tasks.onFail", (failure) => void told.push(failure));

    await sendId(home, "f-1");

    expect(told).toEqual([]);
    expect(home.lines.map(({ message }) => message)).toContainEqual(expect.stringContaining("NotSupportedError"));
  });

  it("fails when it is told something else", async () => {
    const { app, told, finish } = failing();

    const result = await app.sendTask("tasks.onFail", { args: [5] });
    await finish();

    await expect(result.get()).rejects.toThrow("tasks.onFail() takes a failed call, or the id of one");
    expect(told).toEqual([]);
  });
});

describe("what is linked", () => {
  it("may be a task itself: it gets the result", async () => {
    const { app, add, finish } = failing();
    const got: number[] = [];
    const note = app.task("tasks.note", (value: number) => void got.push(value));

    await add.applyAsync([1, 1], { link: note });
    await add.applyAsync([2, 2], { link: [note, add.s(1)] });
    await add.s(3, 3).link(note).delay();
    await finish();

    expect(got).toEqual([2, 4, 6]);
  });

  it.each([5, "tasks.note", {}, () => 1])("is refused when it is %s", async (what) => {
    const { app, broker } = failing();
    const options: object = { args: [1, 1], link: what };

    await expect(app.sendTask("tasks.add", options)).rejects.toThrow(ImproperlyConfigured);

    expect(broker.waiting).toEqual([]);
  });
});
