/** Members that are added to a chord while it runs: it is never complete too early, and never waits for nobody. */

import { type BoundTask, BrokerUnavailable, chain, chord, group, Ignore, Umbel, ValueError } from "umbel";
import { describe, expect, it } from "vitest";
import { world, type WorldOptions } from "./world.ts";

/** A world with a task that adds to its chord what it is told to. */
function adding(options: WorldOptions = {}) {
  const home = world(options);
  const { app } = home;
  const ran: string[] = [];
  const bodies: (readonly unknown[])[] = [];
  return {
    ...home,
    ran,
    bodies,
    id: app.task("tasks.id", (value: unknown) => {
      ran.push(String(value));
      return value;
    }),
    stranger: new Umbel("stranger", { broker: home.broker, backend: home.backend }).task("tasks.unknown", () => 1),
    fails: app.task("tasks.fails", (): number => {
      throw new RangeError("too far");
    }),
    collect: app.task("tasks.collect", (values: readonly unknown[]) => {
      bodies.push(values);
      return [...values];
    }),
    /** A task of this name that may add to its chord before it returns its argument. */
    by: (name: string, add: (task: BoundTask, x: number) => unknown) =>
      app.task({ name: `tasks.${name}`, bind: true }, async (task, x: number): Promise<unknown> => {
        await add(task, x);
        return x;
      }),
  };
}

type Adding = ReturnType<typeof adding>;

describe("a member that is added to a chord", () => {
  it("comes after the header, owner by owner in the order of adding", async () => {
    const { by, id, collect, finish } = adding();
    const inner = by("inner", async (task, x) => await task.addToChord(id.s(x * 10)));
    const outer = by("outer", async (task, x) => {
      await task.addToChord(inner.s(x * 10));
      await task.addToChord(id.s(x * 10 + 1));
    });
    const result = await chord([outer.s(1), id.s(2), outer.s(3)], collect.s()).delay();

    await finish();

    expect(await result.get()).toEqual([1, 2, 3, 10, 100, 11, 30, 300, 31]);
  });

  it.each<
    [
      what: string,
      member: (tasks: Adding) => ReturnType<Adding["id"]["si"]> | Parameters<BoundTask["addToChord"]>[0],
      value: unknown,
    ]
  >([
    ["a task", ({ id }) => id.s(5), 5],
    ["a chain", ({ id }) => chain(id.s(5), id.s()), 5],
    ["a group, whose list is one value", ({ id }) => group([id.s(5), id.s(6)]), [5, 6]],
    ["a chain that ends in a group", ({ id }) => chain(id.s(5), group([id.s(), id.s()])), [5, 5]],
    ["a chord of its own", ({ id, collect }) => chord([id.s(5), id.s(6)], collect.s()), [5, 6]],
  ])("may be anything that can be sent: %s", async (_, member, value) => {
    const tasks = adding();
    const owner = tasks.by("owner", async (task) => await task.addToChord(member(tasks)));
    const result = await chord([owner.s(1)], tasks.collect.s()).delay();

    await tasks.finish();

    expect(await result.get()).toEqual([1, value]);
  });

  it.each<[how: string, ends: (tasks: Adding) => Parameters<BoundTask["addToChord"]>[0], end: unknown]>([
    ["fails", ({ fails }) => fails.s(), "FAILURE"],
    ["is of a task that nobody knows", ({ stranger }) => stranger.s(), "FAILURE"],
    ["is revoked", ({ id }) => id.s(1).set({ countdown: 60 }), "REVOKED"],
  ])("counts like any other when it %s", async (_, ends, end) => {
    const tasks = adding();
    const { by, id, collect, drain, finish, app } = tasks;
    const states = app.task("tasks.states", (all: readonly { readonly state: string }[]) =>
      all.map(({ state }) => state),
    );
    const owner = by("owner", async (task) => await task.addToChord(ends(tasks)));
    const failing = await chord([owner.s(1), id.s(2)], collect.s()).delay();
    const collecting = await chord([owner.s(1), id.s(2)], states.s(), { onError: "collect" }).delay();

    await drain();
    const waiting = tasks.broker.waiting.map(({ taskId }) => taskId);
    if (end === "REVOKED") await app.revoke(waiting, false);
    await finish();

    expect((await failing.settled()).state).toBe("FAILURE");
    expect(await collecting.get()).toEqual(["SUCCESS", "SUCCESS", end]);
  });

  it("is null when it is ignored", async () => {
    const { by, app, collect, finish } = adding();
    const ignored = app.task("tasks.ignored", () => {
      throw new Ignore();
    });
    const owner = by("owner", async (task) => await task.addToChord(ignored.s()));
    const result = await chord([owner.s(1)], collect.s()).delay();

    await finish();

    expect(await result.get()).toEqual([1, null]);
  });

  it("is waited for however its owner ends: the body is told of the owner's failure last", async () => {
    const { app, id, collect, finish, ran } = adding();
    const owner = app.task({ name: "tasks.owner", bind: true }, async (task): Promise<number> => {
      await task.addToChord(id.s(5).set({ countdown: 60 }));
      throw new RangeError("after adding");
    });
    const told: string[] = [];
    const tell = app.task("tasks.tell", () => void told.push(`after ${ran.length}`));
    const result = await chord([owner.s()], collect.s()).linkError(tell.si()).delay();

    await finish();

    await expect(result.get()).rejects.toThrow(/after adding/);
    expect(told).toEqual(["after 1"]);
  });

  it("is added once, however often its owner is retried, and counts though the last try adds nothing", async () => {
    const { app, id, collect, finish, ran } = adding();
    const owner = app.task({ name: "tasks.owner", bind: true }, async (task): Promise<number> => {
      if (task.request.retries < 2) await task.addToChord(id.s(5).set({ countdown: 600 }));
      if (task.request.retries < 3) return task.retry({ countdown: 1 });
      return 1;
    });
    const result = await chord([owner.s()], collect.s()).delay();

    await finish();

    expect(await result.get()).toEqual([1, 5]);
    expect(ran).toEqual(["5"]);
  });

  it("keeps its place when its owner is retried and adds it again, and the second message comes first", async () => {
    const { app, id, collect, clock, finish } = adding();
    const start = clock.now();
    const at = (seconds: number) => ({ eta: new Date(start + seconds * 1000) });
    const owner = app.task({ name: "tasks.owner", bind: true }, async (task): Promise<number> => {
      await task.addToChord(id.s(5).set(at(task.request.retries === 0 ? 2000 : 800)));
      await task.addToChord(id.s(6));
      return task.request.retries === 0 ? task.retry({ countdown: 700 }) : 1;
    });
    const result = await chord([owner.s()], collect.s()).delay();

    await finish();

    expect(await result.get()).toEqual([1, 5, 6]);
  });

  it("is the same when its owner has to try again, as nobody knows whether it was sent", async () => {
    const { by, id, collect, ports, finish, ran } = adding({ taskPublishRetry: false });
    const owner = by("owner", async (task) => {
      ports.after("publish", () => {
        throw new BrokerUnavailable("The answer was lost");
      });
      await task.addToChord(id.s(5)).catch(() => undefined);
      await task.addToChord(id.s(5));
    });
    const result = await chord([owner.s(1)], collect.s()).delay();

    await finish();

    expect(await result.get()).toEqual([1, 5]);
    expect(ran).toEqual(["5"]);
  });

  it("counts for what replaces its owner, which may add more", async () => {
    const { by, app, id, collect, finish } = adding();
    const second = by("second", async (task) => await task.addToChord(id.s(5).set({ countdown: 600 })));
    const first = app.task({ name: "tasks.first", bind: true }, async (task): Promise<unknown> => {
      await task.addToChord(id.s(5).set({ countdown: 600 }));
      return task.replace(chain(id.s(1), second.si(1)));
    });
    const result = await chord([first.s(), id.s(2)], collect.s()).delay();

    await finish();

    expect(await result.get()).toEqual([1, 2, 5, 5]);
  });

  it("is added once, and not forgotten, wherever a worker dies", async () => {
    for (const method of ["claim", "publish", "finish", "join"] as const) {
      for (const moment of ["before", "after"] as const) {
        for (const calls of [0, 1, 2, 3]) {
          const { by, id, collect, ports, kill, finish, bodies } = adding();
          const owner = by("owner", async (task) => {
            await task.addToChord(id.s(5));
            await task.addToChord(id.s(6).set({ countdown: 600 }));
          });
          const result = await chord([owner.s(1), id.s(2)], collect.s()).delay();
          let left = calls;
          const killLater = () => {
            if (left === 0) kill();
            else ports[moment](method, killLater);
            left -= 1;
          };
          ports[moment](method, killLater);

          await finish();

          expect([method, moment, calls, await result.get()]).toEqual([method, moment, calls, [1, 2, 5, 6]]);
          expect(bodies).toHaveLength(1);
        }
      }
    }
  });

  it("leaves nobody waiting when its owner dies for good before it can tell of it", async () => {
    const { by, id, collect, kill, finish } = adding({ brokerRetries: 1 });
    const owner = by("owner", async (task) => {
      await task.addToChord(id.s(5));
      kill();
      await new Promise(() => undefined);
    });
    const result = await chord([owner.s(1), id.s(2)], collect.s()).delay();

    await finish();

    expect((await result.settled()).state).toBe("FAILURE");
  });

  it("is sent before the owner's end is told, though the body did not wait for it", async () => {
    const { by, id, collect, finish } = adding();
    const owner = by("owner", (task) => void task.addToChord(id.s(5).set({ countdown: 60 })));
    const result = await chord([owner.s(1)], collect.s()).delay();

    await finish();

    expect(await result.get()).toEqual([1, 5]);
  });

  it("is counted where calls run at once, in the process that makes them", async () => {
    const { by, id, collect, broker } = adding({ taskAlwaysEager: true });
    const owner = by("owner", async (task, x) => {
      await task.addToChord(id.s(x * 10));
      await task.addToChord(group([id.s(5), id.s(6)]));
    });

    const result = await chord([owner.s(1), id.s(2)], collect.s()).delay();

    expect(await result.get()).toEqual([1, 2, 10, [5, 6]]);
    expect(broker.waiting).toEqual([]);
  });

  it("has a handle, and is its owner's child", async () => {
    const { by, app, id, collect, finish } = adding();
    let added: { readonly id: string; get(): Promise<unknown> } | undefined;
    const owner = by("owner", async (task) => void (added = await task.addToChord(id.s(5))));
    const result = await chord([owner.s(1).set({ taskId: "owner" })], collect.s()).delay();

    await finish();

    expect(await result.get()).toEqual([1, 5]);
    expect(await added?.get()).toBe(5);
    expect((await app.result("owner").meta())?.children).toContainEqual([[added?.id, null], null]);
  });

  it("is refused outside a chord, and when its owner has ended", async () => {
    const { by, id, app, finish } = adding();
    const errors: unknown[] = [];
    const keep = (error: unknown) => void errors.push(error);
    let late: (() => Promise<unknown>) | undefined;
    const owner = by("owner", async (task) => {
      late = async () => await task.addToChord(id.s(9));
      await task.addToChord(id.s(5)).catch(keep);
    });
    const failing = app.task(
      { name: "tasks.failing", bind: true },
      async (task) => void (await task.addToChord(id.s(5))),
    );
    await chain(id.s(1), owner.si(1), id.s()).delay();
    const failed = await failing.delay();
    await finish();
    await owner(1);
    await late?.().catch(keep);

    expect(errors).toEqual([expect.any(ValueError), expect.any(ValueError), expect.any(ValueError)]);
    await expect(failed.get()).rejects.toMatchObject({ excType: "ValueError" });
  });

  it("is refused when there is nothing to send", async () => {
    const { by, collect, finish } = adding();
    const owner = by("owner", async (task) => await task.addToChord(group([])));
    const result = await chord([owner.s(1)], collect.s()).delay();

    await finish();

    await expect(result.get()).rejects.toThrow(/tasks.owner cannot add a canvas without any step to its chord/);
  });

  it("is refused when it is no signature", async () => {
    const { app, id, collect, finish } = adding();
    const owner = app.task({ name: "tasks.owner", bind: true }, async (task) => {
      // @ts-expect-error: a task is no signature
      await task.addToChord(id);
    });
    const result = await chord([owner.s()], collect.s()).delay();

    await finish();

    await expect(result.get()).rejects.toThrow(/tasks.owner can add signatures only to its chord: write .s\(\)/);
  });
});
