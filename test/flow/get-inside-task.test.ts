/** Celery's defect 14.23: waiting inside a task is refused for each call, never lifted for a whole process. */

import { type AsyncResult, collect, GetInsideTaskError, group, type GroupResult, ResultSet, Umbel } from "umbel";
import { testKit } from "umbel/testing";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";

/** A kit with a child to wait for, and handles of one call and of a group, made before any task runs. */
async function household(concurrency = 1) {
  const app = new Umbel("tasks");
  const kit = testKit(app, { seed: 1, concurrency });
  const child = app.task("tasks.child", (x: number) => x);
  const one = await child.delay(1);
  const many = await group([child.s(2), child.s(3)]).delay();
  await kit.settle();
  return { app, kit, child, one, many };
}

type Waits = Readonly<Record<string, (one: AsyncResult<number>, many: GroupResult, lift: object) => Promise<unknown>>>;

/** Every way to wait. */
const waits: Waits = {
  "get()": async (one, _many, lift) => await one.get(lift),
  "settled()": async (one, _many, lift) => await one.settled(lift),
  "progress()": async (one, _many, lift) => await one.progress(lift).next(),
  "collect()": async (one, _many, lift) => await collect(one, lift).next(),
  "get() of a group": async (_one, many, lift) => await many.get(lift),
  "join() of a group": async (_one, many, lift) => await many.join(lift),
  "iterate() of a group": async (_one, many, lift) => await many.iterate(lift).next(),
  "settled() of a group": async (_one, many, lift) => await many.settled(lift),
  "get() of a set": async (one, many, lift) => await new ResultSet([one, many]).get(lift),
};

describe.each(Object.entries(waits))("%s inside a task", (_name, wait) => {
  it("is refused at once, with a sentence that names the task, chain and link; allowJoin lifts it for this call", async () => {
    const { app, kit, one, many } = await household();
    await using _ = kit;
    const seen: unknown[] = [];
    const nosy = app.task("tasks.nosy", async () => {
      seen.push(await wait(one, many, {}).catch((error: unknown) => error));
      seen.push(await wait(one, many, { allowJoin: true }).then(() => "waited"));
      seen.push(await wait(one, many, {}).catch((error: unknown) => error));
    });

    await nosy.delay();
    await kit.settle();

    const refusal = expect.any(GetInsideTaskError);
    expect(seen).toEqual([refusal, "waited", refusal]);
    expect(String(seen[0])).toMatch(/tasks\.nosy waits .*chain\(\) or link.*allowJoin: true/);
  });
});

describe("the guard", () => {
  it("is not lifted for a task that runs beside one for which it is", async () => {
    const { app, kit, child } = await household(2);
    await using _ = kit;
    const seen: unknown[] = [];
    const open: (() => void)[] = [];
    const patient = app.task("tasks.patient", async () => {
      const later = await child.applyAsync([4], { countdown: 60 });
      open.push(() => undefined);
      seen.push(await later.get({ allowJoin: true, timeout: 120 }));
    });
    const nosy = app.task("tasks.nosy", async () => {
      await until(() => open.length === 1);
      const other = await child.delay(5);
      seen.push(await other.get().catch((error: unknown) => error));
    });

    await patient.delay();
    await nosy.delay();
    await kit.settle();

    expect(seen).toEqual([expect.any(GetInsideTaskError), 4]);
  });

  it("holds in what a body calls and does not await at once, and in a body that is called like any function", async () => {
    const { app, kit, one } = await household();
    await using _ = kit;
    const inner = app.task("tasks.inner", async () => await one.get().catch((error: unknown) => String(error)));
    const seen: unknown[] = [];
    const outer = app.task("tasks.outer", async () => {
      const started = Promise.resolve().then(async () => await inner());
      await Promise.resolve();
      seen.push(await started);
    });

    await outer.delay();
    await kit.settle();

    expect(seen).toEqual([expect.stringContaining("GetInsideTaskError: tasks.outer waits")]);
    expect(await inner()).toBe(1);
  });

  it("asks no store, and lets a task ask how a call stands", async () => {
    const { app, kit, one } = await household();
    await using _ = kit;
    const seen: unknown[] = [];
    const curious = app.task("tasks.curious", async () => {
      const before = kit.calls.length;
      await one.get().catch(() => undefined);
      seen.push(kit.calls.length - before, await one.state(), await one.ready());
    });

    await curious.delay();
    await kit.settle();

    expect(seen).toEqual([0, "SUCCESS", true]);
  });
});
