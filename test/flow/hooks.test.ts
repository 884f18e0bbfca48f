/** Acceptance examples, section 6, and semantics 1.6: a task's hooks, when each is called, and what its errors do. */

import { type BoundTask, chain, Ignore, ImproperlyConfigured, Reject, type TaskOptions, Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { world, type WorldOptions } from "./world.ts";

/** A world, and a list of the hooks that were called, each with what it was given. */
function hooked(options: WorldOptions = {}) {
  const home = world(options);
  const heard: string[] = [];
  const note = (name: string) => (what: unknown, task: BoundTask) => heard.push(`${name} ${text(what)} ${task.name}`);
  const hooks = {
    beforeStart: (task: BoundTask) => heard.push(`beforeStart ${task.request.retries}`),
    onSuccess: note("onSuccess"),
    onFailure: note("onFailure"),
    onRetry: note("onRetry"),
    afterReturn: note("afterReturn"),
  } satisfies Partial<TaskOptions>;
  return { ...home, heard, hooks };
}

function text(what: unknown): string {
  if (what instanceof Error) return `${what.name}(${what.message})`;
  if (typeof what !== "object" || what === null) return JSON.stringify(what);
  return JSON.stringify(Object.fromEntries(Object.entries(what).map(([name, each]) => [name, plain(each)])));
}

function plain(value: unknown): unknown {
  return value instanceof Error ? value.name : value;
}

describe("hooks", () => {
  it("of a task that returns: before it, with its value, and after it", async () => {
    const { app, hooks, heard, finish } = hooked();
    const one = app.task({ name: "tasks.one", ...hooks }, () => heard.push("body") && 1);

    await one.delay();
    await finish();

    expect(heard).toEqual([
      "beforeStart 0",
      "body",
      "onSuccess 1 tasks.one",
      'afterReturn {"state":"SUCCESS","value":1} tasks.one',
    ]);
  });

  it("of a task that throws", async () => {
    const { app, hooks, heard, finish } = hooked();
    const boom = app.task({ name: "tasks.boom", ...hooks }, () => {
      throw new RangeError("too far");
    });

    await boom.delay();
    await finish();

    expect(heard).toEqual([
      "beforeStart 0",
      "onFailure RangeError(too far) tasks.boom",
      'afterReturn {"state":"FAILURE","error":"RangeError"} tasks.boom',
    ]);
  });

  it("of a task that is retried once with an error and then fails", async () => {
    const { app, hooks, heard, finish } = hooked();
    const flaky = app.task({ name: "tasks.flaky", bind: true, maxRetries: 1, ...hooks }, (task) =>
      task.retry({ countdown: 1, exc: new TypeError(`attempt ${task.request.retries}`) }),
    );

    await flaky.delay();
    await finish();

    expect(heard).toEqual([
      "beforeStart 0",
      "onRetry TypeError(attempt 0) tasks.flaky",
      "beforeStart 1",
      "onFailure TypeError(attempt 1) tasks.flaky",
      'afterReturn {"state":"FAILURE","error":"TypeError"} tasks.flaky',
    ]);
  });

  it.each([
    { what: "ignored", error: () => new Ignore() },
    { what: "rejected", error: () => new Reject("not for me") },
  ])("are not called for a task that is $what, but the first", async ({ error }) => {
    const { app, hooks, heard, finish } = hooked();
    const shy = app.task({ name: "tasks.shy", ...hooks }, () => {
      throw error();
    });

    await shy.delay();
    await finish();

    expect(heard).toEqual(["beforeStart 0"]);
  });

  it("are not called for a task that is revoked", async () => {
    const { app, hooks, heard, finish } = hooked();
    const result = await app.task({ name: "tasks.one", ...hooks }, () => 1).delay();

    await result.revoke();
    await finish();

    expect(heard).toEqual([]);
  });

  it("are called once the end is stored and what follows is sent, and may call other tasks", async () => {
    const { app, finish, backend, broker, pushes } = hooked();
    const seen: unknown[] = [];
    const next = app.task("tasks.next", (value: number) => value);
    const first = app.task(
      {
        name: "tasks.first",
        async onSuccess(result: number, task) {
          const [stored] = await backend.read([task.request.id]);
          seen.push(stored?.status, broker.waiting.length);
          await next.delay(result + 1);
        },
      },
      () => 1,
    );

    await chain(first.s(), next.s()).delay();
    await finish();

    expect(seen).toEqual(["SUCCESS", 1]);
    expect(pushes).toHaveLength(3);
  });

  it("are told of a failure by the worker that finds it, although the body never ran there", async () => {
    const { app, hooks, heard, broker, kill, finish, clock } = hooked({ workerLease: 10 });
    let runs = 0;
    const hang = app.task({ name: "tasks.hang", rejectOnWorkerLost: false, ...hooks }, async () => {
      runs += 1;
      return await new Promise<number>(() => undefined);
    });
    await hang.delay();
    const working = broker.deliverNext();
    await until(() => runs === 1);
    kill();
    await working;
    await clock.advance(20);

    await finish();

    expect(runs).toBe(1);
    expect(heard).toEqual([
      "beforeStart 0",
      "onFailure WorkerLostError(The worker died, and the task is not run again) tasks.hang",
      'afterReturn {"state":"FAILURE","error":"WorkerLostError"} tasks.hang',
    ]);
  });

  it("are not called by a worker whose end came too late, which says taskPostrun and no more", async () => {
    const { app, hooks, heard, backend, drain, finish, lines } = hooked();
    app.signals.taskPostrun.connect(({ state }) => heard.push(`postrun ${state}`));
    const own = app.task({ name: "tasks.own", bind: true, ...hooks }, async ({ request: { id } }) => {
      await backend.settle([{ id, state: "REVOKED", retention: 100 }]);
      return 1;
    });

    await own.delay();
    await drain();
    await finish();

    expect(heard).toEqual(["beforeStart 0", "postrun SUCCESS"]);
    expect(lines.at(-1)?.message).toContain("ended here too late");
  });
});

describe("a hook that throws", () => {
  it.each(["onSuccess", "afterReturn"] as const)(
    "after success (%s) is logged and told, changes nothing and stops no one",
    async (name) => {
      const { app, hooks, heard, finish, lines } = hooked();
      const broken: unknown[] = [];
      app.signals.taskInternalError.connect(({ taskId, exception, request, sender, traceback }) =>
        broken.push([taskId, String(exception), request.id, sender.name, traceback?.split("\n").at(-1)]),
      );
      const told: unknown[] = [];
      const tell = app.task("tasks.tell", (failure: unknown) => void told.push(failure));
      app.signals.taskPostrun.connect(({ state }) => heard.push(`postrun ${state}`), { sender: "tasks.one" });
      const one = app.task(
        {
          name: "tasks.one",
          ...hooks,
          [name]: () => {
            throw new Error("the hook broke");
          },
        },
        () => 1,
      );

      const result = await one.applyAsync([], { linkError: tell.s() });
      await finish();

      expect(await result.get()).toBe(1);
      expect(told).toEqual([]);
      expect(broken).toEqual([[result.id, "Error: the hook broke", result.id, "tasks.one", "Error: the hook broke"]]);
      expect(lines.filter(({ level }) => level === "ERROR").map(({ message }) => message)).toEqual([
        expect.stringContaining("broke in a hook"),
      ]);
      expect(heard.at(-1)).toBe("postrun SUCCESS");
      expect(heard).toHaveLength(3);
    },
  );

  it("before the body fails the attempt, and the body is not called", async () => {
    const { app, finish } = hooked();
    let runs = 0;
    const closed = app.task(
      {
        name: "tasks.closed",
        beforeStart() {
          throw new TypeError("closed");
        },
      },
      () => (runs += 1),
    );

    const result = await closed.delay();
    await finish();

    expect(runs).toBe(0);
    await expect(result.get()).rejects.toMatchObject({ excType: "TypeError", message: "closed" });
  });

  it("before the body is not retried by autoretryFor, which is about the body; asked for, a retry is made", async () => {
    const { app, finish, pushes } = hooked();
    const closed = app.task(
      {
        name: "tasks.closed",
        autoretryFor: [TypeError],
        beforeStart() {
          throw new TypeError("closed");
        },
      },
      () => 1,
    );
    const late = app.task(
      {
        name: "tasks.late",
        beforeStart: (task) => (task.request.retries === 0 ? task.retry({ countdown: 1 }) : undefined),
      },
      () => 1,
    );

    const failed = await closed.delay();
    await finish();
    expect(pushes).toHaveLength(1);
    expect(await failed.state()).toBe("FAILURE");

    const result = await late.delay();
    await finish();
    expect(await result.get()).toBe(1);
  });
});

describe("something of ours that breaks around the body", () => {
  it("is told by taskInternalError, and the broker is to come back", async () => {
    const { app, ports, broker, answers, finish } = hooked();
    const broken: unknown[] = [];
    app.signals.taskInternalError.connect(({ sender, exception, taskId }) => {
      broken.push([sender.name, String(exception), taskId]);
    });
    const one = app.task("tasks.one", () => 1);
    const result = await one.delay();
    ports.before("finish", () => {
      throw new TypeError("a bug");
    });

    await broker.deliverNext();
    expect(broken).toEqual([["tasks.one", "TypeError: a bug", result.id]]);
    expect(answers).toEqual(["503"]);
    await finish();

    expect(await result.get()).toBe(1);
  });
});

describe("a hook that is none", () => {
  it("is refused where the task is declared", () => {
    const app = new Umbel("shop");
    const options: object = { name: "shop.add", onSuccess: "celebrate" };

    const declare = () => app.task({ name: "shop.add", ...options }, () => 1);

    expect(declare).toThrow(
      new ImproperlyConfigured('onSuccess of the task "shop.add" is "celebrate": give a function'),
    );
  });
});
