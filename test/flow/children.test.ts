/** Delivery, point 2: calls made inside a task are its children, and the same ones when the body is run again. */

import { type BoundTask, BrokerUnavailable, chain, GetInsideTaskError, group } from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { world, type WorldOptions } from "./world.ts";

/** A world with a task whose runs are written down, by id and argument. */
function family(options: WorldOptions = {}) {
  const home = world(options);
  const ran: { readonly id: string; readonly of: string | null; readonly root: string; readonly x: unknown }[] = [];
  const child = home.app.task({ name: "tasks.child", bind: true }, ({ request }, x: number) => {
    ran.push({ id: request.id, of: request.parentId, root: request.rootId, x });
    return x;
  });
  /** A task that dies in its first run, once that has made its calls; `calls` is told which run it is, from 1. */
  function dying(calls: (run: number, task: BoundTask) => Promise<unknown>) {
    let runs = 0;
    const parent = home.app.task({ name: "tasks.parent", bind: true }, async (task) => {
      runs += 1;
      await calls(runs, task);
      if (runs === 1) home.kill();
      return runs === 1 ? await new Promise<null>(() => undefined) : null;
    });
    return { parent, runs: () => runs };
  }
  return { ...home, ran, child, dying };
}

describe("a call made inside a task", () => {
  it.each(["through the bound task", "by its own delay"])("is its child, made %s", async (way) => {
    const { app, child, ran, finish } = family();
    const parent = app.task({ name: "tasks.parent", bind: true }, async (task) => {
      const result = way === "by its own delay" ? await child.delay(1) : await task.delay(child.s(1));
      return result.id;
    });

    const result = await parent.delay();
    await finish();

    const childId = await result.get();
    expect(ran).toEqual([{ id: childId, of: result.id, root: result.id, x: 1 }]);
    expect((await result.meta())?.children).toEqual([[[childId, null], null]]);
  });

  it("is made once by a body that tries again, as nobody knows whether it was sent", async () => {
    const { app, child, ran, ports, finish } = family({ taskPublishRetry: false });
    const parent = app.task({ name: "tasks.parent", bind: true }, async (task) => {
      ports.after("publish", () => {
        throw new BrokerUnavailable("The answer was lost");
      });
      await task.delay(child.s(1)).catch(() => undefined);
      await task.delay(child.s(1));
      await task.delay(child.s(1));
    });

    await parent.delay();
    await finish();

    expect(ran.map(({ x }) => x)).toEqual([1, 1]);
    expect(new Set(ran.map(({ id }) => id)).size).toBe(2);
  });

  it("has the root of its parent, however deep", async () => {
    const { app, child, ran, finish } = family();
    const middle = app.task("tasks.middle", async () => void (await child.delay(1)));
    const top = app.task("tasks.top", async () => void (await middle.delay()));

    const result = await top.delay();
    await finish();

    expect(ran).toMatchObject([{ root: result.id }]);
    expect(ran[0]?.of).not.toBe(result.id);
  });

  it("is a root of its own when the body that makes it was called like any function", async () => {
    const { app, child, ran, finish } = family();
    const parent = app.task({ name: "tasks.parent", bind: true }, async (task) => (await task.delay(child.s(1))).id);

    const id = await parent();
    await finish();

    expect(ran).toEqual([{ id, of: null, root: id, x: 1 }]);
  });

  it("is the child of the task that runs when the body that makes it is called like any function", async () => {
    const { app, child, ran, finish } = family();
    const inner = app.task({ name: "tasks.inner", bind: true }, async (task) => void (await task.delay(child.s(1))));
    const outer = app.task("tasks.outer", async () => await inner());

    const result = await outer.delay();
    await finish();

    expect(ran).toMatchObject([{ of: result.id, root: result.id }]);
  });

  it("is a root of its own where nothing runs", async () => {
    const { child, ran, finish } = family();

    const result = await child.delay(1);
    await finish();

    expect(ran).toEqual([{ id: result.id, of: null, root: result.id, x: 1 }]);
  });

  it("is found again when the body is run again after a crash, in whatever order its calls come then", async () => {
    const { child, ran, finish, broker, dying } = family();
    const { parent, runs } = dying(async (run) => {
      for (const x of run === 1 ? [1, 2, 2] : [2, 1, 2]) await child.delay(x);
    });

    const result = await parent.delay();
    await broker.deliverNext();
    await finish();

    expect(runs()).toBe(2);
    expect(ran.map(({ x }) => x)).toEqual([1, 2, 2]);
    expect(new Set(ran.map(({ id }) => id)).size).toBe(3);
    const children = (await result.meta())?.children?.map(([[id]]) => id) ?? [];
    expect(new Set(children)).toEqual(new Set(ran.map(({ id }) => id)));
  });

  it("is another one in the next attempt: a retry sends its calls anew", async () => {
    const { app, child, ran, finish } = family();
    const parent = app.task({ name: "tasks.parent", bind: true }, async (task) => {
      await child.delay(1);
      if (task.request.retries === 0) task.retry({ countdown: 1 });
    });

    await parent.delay();
    await finish();

    expect(ran).toHaveLength(2);
    expect(new Set(ran.map(({ id }) => id)).size).toBe(2);
  });

  it("is found again although its due time was reckoned anew", async () => {
    const { child, ran, finish, broker, dying, clock } = family();
    const { parent, runs } = dying(async () => {
      const soon = new Date(clock.now() + 5000);
      await child.applyAsync([1], { eta: soon });
      await child.signature([2], { eta: soon, expires: new Date(clock.now() + 86_400_000) }).delay();
      await chain(child.signature([3], { eta: soon }), child.si(4)).delay();
    });

    await parent.delay();
    await broker.deliverNext();
    await clock.advance(20);
    await finish();

    expect(runs()).toBe(2);
    expect(ran.map(({ x }) => x)).toEqual([1, 2, 3, 4]);
  });

  it("may be a canvas, whose nodes are found again as well", async () => {
    const { child, ran, finish, broker, dying } = family();
    const { parent, runs } = dying(async (_, task) => {
      await task.delay(group([child.si(1), child.si(2)]));
      await task.delay(chain(child.si(3), child.si(4)));
    });

    const result = await parent.delay();
    await broker.deliverNext();
    await finish();

    expect(runs()).toBe(2);
    expect(ran.map(({ x }) => x)).toEqual([1, 2, 3, 4]);
    expect(ran.every(({ root }) => root === result.id)).toBe(true);
  });

  it("is nobody's child once it is made in another task that runs at the same time", async () => {
    const { app, child, ran, drain, broker } = family();
    const gates: (() => void)[] = [];
    const parent = app.task({ name: "tasks.parent", bind: true }, async (task, x: number) => {
      await new Promise<void>((resolve) => void gates.push(resolve));
      await child.delay(x);
      return task.request.id;
    });
    const first = await parent.delay(1);
    const second = await parent.delay(2);
    const one = broker.deliverNext();
    await until(() => gates.length === 1);
    const other = broker.deliverNext();
    await until(() => gates.length === 2);
    for (const open of gates.toReversed()) open();
    await Promise.all([one, other]);
    await drain();

    expect(new Map(ran.map(({ x, of }) => [x, of]))).toEqual(
      new Map([
        [1, first.id],
        [2, second.id],
      ]),
    );
  });
});

describe("get() inside a task", () => {
  it("is refused for a call, a group, and settled()", async () => {
    const { app, child, finish } = family();
    const errors: unknown[] = [];
    const nosy = app.task("tasks.nosy", async () => {
      const call = await child.delay(1);
      const many = await group([child.si(1)]).delay();
      errors.push(await call.get().catch((error: unknown) => error));
      errors.push(await call.settled().catch((error: unknown) => error));
      errors.push(await many.get().catch((error: unknown) => error));
      errors.push(await many.settled().catch((error: unknown) => error));
    });

    await nosy.delay();
    await finish();

    expect(errors).toEqual(Array.from({ length: 4 }, () => expect.any(GetInsideTaskError)));
  });
});
