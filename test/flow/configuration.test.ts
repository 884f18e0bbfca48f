/** Settings through the public API: what they are set by, and what they change. The first are acceptance 9. */

import type { MemoryPush } from "@umbel/memory";
import { BrokerUnavailable, configFrom, ImproperlyConfigured, InvalidMessageError, QueueNotFound } from "umbel";
import { describe, expect, it } from "vitest";
import { world, type WorldOptions } from "./world.ts";

/** A world with a task that tells what it knows of its call. */
function telling(options: WorldOptions = {}) {
  const home = world(options);
  const tell = home.app.task({ name: "tasks.tell", bind: true }, ({ request }, ..._given: unknown[]) => ({
    queue: request.deliveryInfo.queue,
    priority: request.deliveryInfo.priority,
    headers: JSON.stringify(request.headers),
    replyTo: request.replyTo,
    argsrepr: request.argsrepr,
    kwargsrepr: request.kwargsrepr,
    rootId: request.rootId,
    parentId: request.parentId,
  }));
  return { ...home, tell };
}

const celery = {
  taskSerializer: "json",
  acceptContent: ["json"],
  resultSerializer: "json",
  timezone: "Europe/Oslo",
  enableUtc: true,
} as const;

describe("the settings of Celery's first steps", () => {
  it("can be given at once, and read", () => {
    const { app } = world();

    app.conf.update(celery);

    expect(app.conf).toMatchObject(celery);
    expect(app.conf.table()).toEqual({ acceptContent: ["json"], timezone: "Europe/Oslo" });
    expect(String(app.conf)).toBe('acceptContent: ["json"]\ntimezone: "Europe/Oslo"');
  });

  it("can be in a module of any name", () => {
    const { app } = world();
    const module = { task_serializer: "json", accept_content: ["json"], timezone: "Europe/Oslo", enable_utc: true };

    expect(configFrom(app, module)).toEqual([]);
    expect(app.conf).toMatchObject({ acceptContent: ["json"], timezone: "Europe/Oslo" });
  });

  it("have their default again when they are deleted", () => {
    const { app } = world();
    app.conf.timezone = "Europe/Oslo";

    expect(Reflect.deleteProperty(app.conf, "timezone")).toBe(true);

    expect(app.conf.timezone).toBe("UTC");
    expect(() => Reflect.deleteProperty(app.conf, "timezon")).toThrow('the nearest name is "timezone"');
  });

  it("are refused with the nearest right name when one is misspelt", () => {
    const { app } = world();
    const misspelt = { ...celery, taskSerialiser: "json" };

    expect(() => app.conf.update(misspelt)).toThrow(/"taskSerialiser"; the nearest name is "taskSerializer"/);
    expect(() => configFrom(app, misspelt)).toThrow(ImproperlyConfigured);
    expect(app.conf.timezone).toBe("UTC");
  });

  it.each(["application/x-python-serialize", "text/plain; charset=utf-8", "application/x-yaml"])(
    "refuse the content %s at the worker, with task_rejected",
    async (type) => {
      const { app, tell, drain, pushes, fetch } = telling();
      const rejected: unknown[] = [];
      app.signals.taskRejected.connect(({ exc }) => rejected.push(exc));
      await tell.delay();
      await drain();

      const { url, headers, body, method } = first(pushes);
      const response = await fetch(new Request(url, { method, body, headers: { ...headers, "content-type": type } }));

      expect(response.status).toBe(489);
      expect(rejected).toEqual([expect.any(InvalidMessageError)]);
      expect(String(rejected[0])).toContain(`content type '${type.split(";")[0]}' is not accepted, only json`);
    },
  );
});

describe("the settings as text", () => {
  it("hide what looks like a secret, at any depth, unless they are asked not to", () => {
    const { app } = world();
    const taskAnnotations = { "shop.*": { queue: "https://me:pw@host/" } };
    app.conf.update({ taskRoutes: [{ api_key: "hidden" }, () => "q"], taskAnnotations });

    expect(app.conf.humanize()).not.toMatch(/hidden|pw@/);
    expect(app.conf.humanize()).toContain("taskRoutes");
    expect(app.conf.humanize({ censored: false })).toMatch(/hidden[^]*pw@/);
    expect(Object.keys(app.conf.table({ withDefaults: true })).length).toBeGreaterThan(30);
  });
});

describe("a route", () => {
  it("that is a function decides by the arguments, and by how the task is declared", async () => {
    const { app, tell, finish } = telling();
    app.conf.update({
      taskRoutes: [
        (_name, args) => (args[0] === "vip" ? { queue: "fast", priority: 9 } : undefined),
        (...[, , , options, task]) => (options.shadow === "x" ? `of-${task?.name ?? "nobody"}` : null),
        { "tasks.*": "slow" },
      ],
    });

    const results = [await tell.delay("vip"), await tell.applyAsync([], { shadow: "x" }), await tell.delay()];
    await finish();

    const places = await Promise.all(results.map(async (each) => await each.get()));
    expect(places).toMatchObject([
      { queue: "fast", priority: 9 },
      { queue: "of-tasks.tell", priority: null },
      { queue: "slow", priority: null },
    ]);
  });

  it("is merged under what the call says", async () => {
    const { app, tell, finish } = telling();
    app.conf.update({ taskRoutes: [{ "tasks.tell": { queue: "r1", priority: 5 } }] });

    const results = [await tell.applyAsync({ queue: "mine" }), await tell.applyAsync({ priority: 9 })];
    await finish();

    const places = await Promise.all(results.map(async (each) => await each.get()));
    expect(places).toMatchObject([
      { queue: "mine", priority: 5 },
      { queue: "r1", priority: 9 },
    ]);
  });
});

describe("a queue", () => {
  it("that is not named is refused at the caller where it has to be", async () => {
    const { tell, broker, app, finish } = telling({ taskCreateMissingQueues: false, taskQueues: { slow: {} } });

    const sent = tell.applyAsync({ queue: "sloow" });

    await expect(sent).rejects.toThrow(QueueNotFound);
    await expect(sent).rejects.toThrow('Queue "sloow" is not among taskQueues (default, slow)');
    expect(broker.waiting).toEqual([]);
    const taken = [await tell.delay(), await app.sendTask("tasks.tell", { queue: "slow" })];
    await finish();
    expect(await Promise.all(taken.map(async (each) => await each.successful()))).toEqual([true, true]);
  });
});

describe("priority", () => {
  it("is the call's, else its route's, else its queue's, else the default", async () => {
    const { app, tell, finish } = telling({
      taskDefaultPriority: 1,
      taskQueues: { slow: { priority: 2 } },
      taskRoutes: { "tasks.tell": { priority: 3 } },
    });

    const routed = await tell.applyAsync({ queue: "slow" });
    const own = await tell.applyAsync({ queue: "slow", priority: 0 });
    app.conf.update({ taskRoutes: [] });
    const queued = await tell.applyAsync({ queue: "slow" });
    const plain = await tell.delay();
    await finish();

    const ends = await Promise.all([routed, own, queued, plain].map(async (each) => await each.get()));
    expect(ends.map((each) => each.priority)).toEqual([3, 0, 2, 1]);
  });

  it.each([
    { inherits: true, priority: 7 },
    { inherits: false, priority: null },
  ])("of the task that makes a call is the call's, when taskInheritParentPriority is $inherits", async (row) => {
    const { app, tell, finish } = telling({ taskInheritParentPriority: row.inherits });
    const ids: string[] = [];
    const outer = app.task("tasks.outer", async () => {
      for (const sent of [await tell.delay("called"), await tell.s("first").pipe(tell.s()).delay()]) ids.push(sent.id);
    });
    const linked = await tell.s("first").set({ priority: 7 }).pipe(tell.s()).delay();

    await outer.applyAsync({ priority: 7 });
    await finish();

    const ends = await Promise.all([linked.id, ...ids].map(async (id) => await app.result(id).get()));
    expect(ends).toMatchObject([{ priority: row.priority }, { priority: row.priority }, { priority: row.priority }]);
  });
});

describe("a publish call that is refused for now", () => {
  it.each([
    { options: {}, at: [0, 0.2, 0.6, 1.2, 2, 3] },
    { options: { retry: false }, at: [0] },
    { options: { retryPolicy: { maxRetries: 2, intervalStart: 1, intervalStep: 3, intervalMax: 2 } }, at: [0, 1, 3] },
  ])("is made at $at with $options", async ({ options, at }) => {
    const { tell, ports, clock } = telling();
    const start = clock.now();
    const calls: number[] = [];
    const refuse = () => {
      calls.push((clock.now() - start) / 1000);
      ports.before("publish", refuse);
      throw new BrokerUnavailable("away");
    };
    ports.before("publish", refuse);

    const told: unknown[] = [];
    void tell.applyAsync(options).catch((error: unknown) => told.push(error));
    while (told.length === 0) await clock.advance(0.1);

    expect(told).toEqual([expect.any(BrokerUnavailable)]);
    expect(calls).toEqual(at.map((each) => expect.closeTo(each, 1)));
  });
});

describe("options of a call", () => {
  it("reach the task: headers, replyTo, argsrepr, kwargsrepr, rootId, parentId", async () => {
    const { tell, finish } = telling();

    const result = await tell.applyAsync(["secret"], {
      headers: { tenant: "a" },
      replyTo: "me",
      argsrepr: "('***',)",
      kwargsrepr: "{***}",
      rootId: "the-root",
      parentId: "the-parent",
    });
    await finish();

    expect(await result.get()).toMatchObject({
      headers: '{"tenant":"a"}',
      replyTo: "me",
      argsrepr: "('***',)",
      kwargsrepr: "{***}",
      rootId: "the-root",
      parentId: "the-parent",
    });
  });

  it("keep a call out of its parent's children with addToParent: false", async () => {
    const { app, tell, finish } = telling();
    const outer = app.task("tasks.outer", async () => {
      await tell.applyAsync([], { addToParent: false, taskId: "apart" });
      await tell.applyAsync([], { taskId: "child" });
    });

    const result = await outer.delay();
    await finish();

    expect((await result.meta())?.children).toEqual([[["child", null], null]]);
  });

  it.each([
    { options: { countdown: 120 }, says: /tasks.brief expires at .* before it is due at .*: it would never run/ },
    { options: { timeLimit: 4 }, says: "softTimeLimit is longer than timeLimit" },
  ])("are refused where they contradict the task's own: $options", async ({ options, says }) => {
    const { app, broker } = world();
    const brief = app.task({ name: "tasks.brief", expires: 60, softTimeLimit: 5, timeLimit: 9 }, () => 1);

    await expect(brief.applyAsync(options)).rejects.toThrow(says);
    await expect(brief.s().set(options).delay()).rejects.toThrow(says);
    expect(broker.waiting).toEqual([]);
  });

  it.each([
    { options: { taskId: "" }, says: "taskId is" },
    { options: { countdown: -1 }, says: "countdown is -1" },
    { options: { headers: { id: "x" } }, says: 'headers has "id"' },
    { options: { priority: 10 }, says: "priority is 10" },
  ])("are refused at the call: $options", async ({ options, says }) => {
    const { app, tell, broker } = telling();

    await expect(tell.applyAsync(options)).rejects.toThrow(says);
    await expect(tell.s().applyAsync(options)).rejects.toThrow(says);
    await expect(app.sendTask("tasks.tell", options)).rejects.toThrow(says);
    expect(() => tell.s().set(options)).toThrow(says);
    expect(() => tell.signature([], options)).toThrow(says);
    expect(broker.waiting).toEqual([]);
  });

  it("that are null or undefined say nothing, as in Celery", async () => {
    const { app, finish } = telling();
    const nothing: object = { taskId: null, queue: undefined, link: null, linkError: null, kwargs: null, eta: null };

    const result = await app.sendTask("tasks.tell", nothing);
    await finish();

    expect(await result.get()).toMatchObject({ queue: "default" });
  });

  it("are refused where a signature says one thing, and its call another", async () => {
    const { tell } = telling();

    const sent = tell
      .s()
      .set({ countdown: 5 })
      .applyAsync({ eta: new Date("2026-02-01") });

    await expect(sent).rejects.toThrow("tasks.tell has a countdown and an eta: give one of them");
  });
});

function first(pushes: readonly MemoryPush[]): MemoryPush {
  const [push] = pushes;
  if (push === undefined) throw new Error("Nothing was pushed");
  return push;
}
