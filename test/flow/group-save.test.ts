/** Groups that are kept under their id, and handles in Celery's form. */

import { chain, chord, group, restoreGroup, resultFromTuple } from "umbel";
import { describe, expect, it } from "vitest";
import { acceptance } from "./acceptance-tasks.ts";

describe("a group that was saved", () => {
  it("is found by its id, and its values are had at once", async () => {
    const { app, add, finish, ports } = acceptance();
    const result = await group([add.s(1, 1), add.s(2, 2)]).delay();
    await result.save();
    await finish();
    ports.calls.length = 0;

    const restored = await restoreGroup(app, result.id);

    expect(String(restored)).toBe(String(result));
    expect(await restored?.get()).toEqual([2, 4]);
    expect(ports.calls).toEqual(["group", "read"]);
  });

  it("is waited for by whoever restores it", async () => {
    const { stranger, add, finish } = acceptance();
    const result = await group([add.s(1, 1), add.s(2, 2)]).delay();
    await result.save();

    const waiting = (await restoreGroup(stranger, result.id))?.get();
    await finish();

    expect(await waiting).toEqual([2, 4]);
  });

  it("keeps what came before it", async () => {
    const { app, add, finish } = acceptance();
    const result = await chain(add.s(1, 1), group([add.s(1), add.s(2)])).delay();
    await result.save();
    await finish();

    const restored = await restoreGroup(app, result.id);

    expect(await restored?.parent?.get()).toBe(2);
    expect(restored?.asTuple()).toEqual(result.asTuple());
  });

  it("is gone once it was deleted, though its members' results are there", async () => {
    const { app, add, finish } = acceptance();
    const result = await group([add.s(1, 1)]).delay();
    await result.save();
    await finish();

    await result.delete();

    expect(await restoreGroup(app, result.id)).toBeUndefined();
    expect(await result.get()).toEqual([2]);
  });

  it("is kept for as long as results are", async () => {
    const { app, add, clock } = acceptance({ resultExpires: 60 });
    const result = await group([add.s(1, 1)]).delay();
    await result.save();

    await clock.advance(61);

    expect(await restoreGroup(app, result.id)).toBeUndefined();
  });

  it("is refused without members: no application knows of it", async () => {
    const result = await group([]).delay();

    await expect(result.save()).rejects.toThrow(`The group ${result.id} has no members`);
    await result.delete();
    await result.forget();
  });

  it("is undefined where none was", async () => {
    const { app } = acceptance();

    expect(await restoreGroup(app, "never-saved")).toBeUndefined();
  });
});

describe("a handle in Celery's form", () => {
  it("is a handle again", async () => {
    const { app, add, xsum, finish } = acceptance();
    const result = await chord([add.s(1, 1), add.s(2, 2)], xsum.s()).delay();
    await finish();

    const again = resultFromTuple(app, JSON.parse(JSON.stringify(result.asTuple())));

    expect(await again.get()).toBe(6);
    expect(await again.parent?.get()).toEqual([2, 4]);
    expect(result.asList()).toEqual([result.id, ...(result.parent?.ids ?? [])]);
  });

  it("is what is stored when a task returns a handle", async () => {
    const { app, add, finish } = acceptance();
    const inner = app.task("tasks.inner", async () => await add.delay(1, 1));
    const many = app.task("tasks.many", async () => await group([add.s(1, 1), add.s(2, 2)]).delay());
    const [one, several] = [await inner.delay(), await many.delay()];
    await finish();

    expect(await resultFromTuple(app, await one.get()).get()).toBe(2);
    expect(await resultFromTuple(app, await several.get()).get()).toEqual([2, 4]);
  });

  it.each([null, "id", ["id", null], [["id"], null], [["id", null], ["member"]], [["", null], null]])(
    "is refused when it is %j",
    (tuple) => {
      const { app } = acceptance();

      expect(() => resultFromTuple(app, tuple)).toThrow("It is no result tuple");
    },
  );
});
