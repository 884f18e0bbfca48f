/** Inspect and control: what an operator asks is answered from the store and the broker, and what is changed is kept there. */

import { decodePush } from "@umbel/protocol";
import { BackendUnavailable, chain, ImproperlyConfigured, NotSupportedError, stamp, Umbel } from "umbel";
import { control, tell } from "umbel/control";
import { memoryBackend, memoryBroker } from "umbel/memory";
import { testKit } from "umbel/testing";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { type World, world, type WorldOptions } from "./world.ts";

/** A world with a task that runs until it is let go, and a short one. */
function shop(options: WorldOptions = {}) {
  const home = world(options);
  const open: (() => void)[] = [];
  const aborted: string[] = [];
  const slow = home.app.task({ name: "tasks.slow", bind: true, rateLimit: "100/m" }, async ({ request, signal }) => {
    signal.addEventListener("abort", () => aborted.push(request.id));
    await new Promise<void>((resolve) => open.push(resolve));
    return request.id;
  });
  const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
  const letGo = () => {
    for (const end of open.splice(0)) end();
  };
  return { ...home, slow, add, aborted, letGo, operator: control(home.app) };
}

const node = "worker@tasks";

/** Begins a task and returns its delivery, which goes on. */
async function begin({ broker, calls }: World): Promise<{ readonly delivered: Promise<boolean> }> {
  const before = calls.length;
  const delivered = broker.deliverNext();
  await until(() => calls.slice(before).includes("claim"));
  return { delivered };
}

/** What is shown of a message that waits. */
function waitingInfo(id: string, args: string) {
  return {
    id,
    name: "tasks.add",
    args,
    kwargs: "{}",
    type: "tasks.add",
    hostname: null,
    time_start: null,
    acknowledged: false,
    delivery_info: { exchange: "", routing_key: "default", priority: null, redelivered: false },
    worker_pid: null,
    retries: 0,
    root_id: id,
    parent_id: null,
  };
}

describe("inspect", () => {
  it("shows what runs, what waits and what is not due, each by the worker whose it is", async () => {
    const home = shop();
    const { slow, add, operator, letGo, finish, clock } = home;
    const running = await slow.applyAsync([], { argsrepr: "(secret)" });
    const { delivered } = await begin(home);
    const waiting = [await add.delay(1, 2), await add.delay(3, 4)];
    const later = await add.applyAsync([5, 6], { countdown: 60, priority: 3 });

    const inspect = operator.inspect();
    expect(await inspect.active()).toEqual({
      [node]: [
        expect.objectContaining({ id: running.id, args: "(secret)", hostname: node, time_start: clock.now() / 1000 }),
      ],
    });
    const [first, second] = waiting.map(({ id }) => id);
    expect(await inspect.reserved()).toEqual({
      [node]: [waitingInfo(first ?? "", "(1, 2)"), waitingInfo(second ?? "", "(3, 4)")],
    });
    expect(await inspect.scheduled()).toMatchObject({
      [node]: [{ priority: 6, request: { id: later.id, delivery_info: { priority: 3 } } }],
    });
    const etas = Object.values(await inspect.scheduled()).flatMap((tasks) => tasks.map(({ eta }) => Date.parse(eta)));
    expect(etas).toEqual([clock.now() + 60_000]);

    letGo();
    await delivered;
    await finish();
    expect(await inspect.active()).toEqual({ [node]: [] });
    expect(await inspect.reserved()).toEqual({ [node]: [] });
    expect(await inspect.scheduled()).toEqual({ [node]: [] });
  });

  it("tells what is known of each id, and nothing of unknown ones", async () => {
    const home = shop();
    const { slow, add, operator, letGo, finish } = home;
    const running = await slow.delay();
    const { delivered } = await begin(home);
    const [waiting, done] = [await add.applyAsync([1, 2], { countdown: 600 }), await add.delay(3, 4)];
    await home.drain();

    const known = await operator.inspect().queryTask([running.id, waiting.id, done.id, "nobody"]);

    expect(known).toEqual({
      [node]: {
        [running.id]: ["active", expect.objectContaining({ name: "tasks.slow" })],
        [waiting.id]: ["reserved", expect.objectContaining({ args: "(1, 2)" })],
        [done.id]: ["ready", expect.objectContaining({ args: "(3, 4)", acknowledged: true })],
      },
    });
    letGo();
    await delivered;
    await finish();
  });

  it("does not count a task as waiting that runs, although the broker waits to ask for it again", async () => {
    const home = shop({ workerLease: 600 });
    const { slow, operator, broker, pushes, drain, letGo } = home;
    const running = await slow.delay();
    const { delivered } = await begin(home);
    await broker.publish([
      {
        message: await decodePush(pushes[0]?.body ?? ""),
        queue: "default",
        deduplicationId: "twice",
      },
    ]);
    await drain();

    expect(await operator.inspect().scheduled()).toEqual({ [node]: [] });
    expect(Object.values(await operator.inspect().active()).flat()).toMatchObject([{ id: running.id }]);
    letGo();
    await delivered;
  });

  it("counts a message as neither waiting nor running while it is being handed over", async () => {
    const { add, operator, finish, before } = shop();
    const seen: unknown[] = [];
    await add.delay(1, 2);
    before("claim", async () => {
      const inspect = operator.inspect();
      seen.push(await inspect.reserved(), await inspect.active());
    });

    await finish();

    expect(seen).toEqual([{}, {}]);
  });

  it("shows nothing of what workers send each other to keep their promises", async () => {
    const { add, operator, drain, before } = shop();
    const held = await add.applyAsync([1, 2], { countdown: 60 });
    await operator.revoke(held.id);
    const seen: unknown[] = [Object.values(await operator.inspect().reserved()).flat()];
    before("held", async () => void seen.push(Object.values(await operator.inspect().active()).flat()));

    await drain();

    expect(seen).toEqual([[], []]);
    expect((await operator.inspect().stats())[node]?.total).toEqual({});
  });

  it("tells of the workers that are online, and only of those that are asked", async () => {
    const home = shop();
    const { add, slow, operator, finish, clock, app } = home;
    expect(await operator.inspect().ping()).toEqual({});
    expect(await operator.inspect().clock()).toEqual({ "store@tasks": { clock: expect.any(Number) } });
    await add.delay(1, 2);
    await add.delay(1, 2);
    await finish();
    await slow.delay();
    const started = await begin(home);

    const inspect = operator.inspect();
    expect(await inspect.ping()).toEqual({ [node]: { ok: "pong" } });
    expect(await operator.ping()).toEqual([{ [node]: { ok: "pong" } }]);
    expect(await operator.inspect({ pattern: "worker@*" }).ping()).toEqual({ [node]: { ok: "pong" } });
    expect(await operator.inspect({ pattern: "w.*sks", matcher: "pcre" }).ping()).toEqual({ [node]: { ok: "pong" } });
    expect(await operator.inspect({ pattern: "beat@*" }).ping()).toEqual({});
    expect(await operator.inspect({ destination: ["worker@other"] }).active()).toEqual({});
    expect(await inspect.registered()).toEqual({ [node]: ["tasks.add", "tasks.slow [rate_limit=100/m]"] });
    expect(await inspect.stats()).toMatchObject({
      [node]: { broker: { transport: "memory" }, total: { "tasks.add": 2, "tasks.slow": 1 }, uptime: 0 },
    });
    expect(await inspect.activeQueues()).toMatchObject({ [node]: [{ name: "default", routing_key: "default" }] });
    expect(await inspect.conf()).toEqual({ [node]: {} });
    expect((await inspect.conf({ withDefaults: true }))[node]).toMatchObject({ taskDefaultQueue: "default" });
    expect((await inspect.report())[node]?.ok).toContain(`app:${app.name}`);

    home.letGo();
    await started.delivered;
    await clock.advance(3600);
    expect(await inspect.ping()).toEqual({});
  });
});

describe("status", () => {
  it("tells of workers, counts, and what is paused, and reads no task", async () => {
    const home = shop();
    const { slow, operator, calls } = home;
    await slow.delay();
    const started = await begin(home);
    await operator.cancelConsumer("slow");
    await operator.revoke("some-id");
    calls.length = 0;

    const status = await operator.status();

    expect(status).toMatchObject({
      nodes: [{ node, app: "tasks", queues: ["default"], drained: false, processed: 1 }],
      active: 1,
      revoked: 1,
      paused: ["slow"],
      drained: [],
      unread: 0,
    });
    expect(calls.toSorted()).toEqual(["counts", "directives", "workers"]);
    home.letGo();
    await started.delivered;
  });
});

describe("revoke", () => {
  it("has calls not begun, and answers in Celery's words", async () => {
    const home = shop();
    const { app, add, operator, finish } = home;
    const ran: number[] = [];
    const mark = app.task("tasks.mark", (nth: number) => ran.push(nth));
    await add.delay(1, 2);
    await finish();
    const held = await mark.applyAsync([0], { countdown: 60 });
    const due = await mark.delay(1);
    const other = await mark.delay(2);

    const replies = await operator.revoke([held.id, due.id]);
    await finish();

    expect(replies).toEqual([{ [node]: { ok: `tasks {'${held.id}', '${due.id}'} flagged as revoked` } }]);
    expect(ran).toEqual([2]);
    expect(await held.state()).toBe("REVOKED");
    expect(await other.get()).toBe(1);
    expect(new Set(Object.values(await operator.inspect().revoked()).flat())).toEqual(new Set([held.id, due.id]));
    expect(new Set((await operator.revoked()).items)).toEqual(new Set([held.id, due.id]));
  });

  it("aborts what runs when that is asked for, and says which that was", async () => {
    const home = shop();
    const { slow, operator, aborted, clock, letGo } = home;
    const running = await slow.delay();
    const { delivered } = await begin(home);

    const replies = await operator.terminate([running.id, "nobody"]);
    await clock.advance(60);

    expect(replies).toEqual([{ [node]: { ok: `terminate: ${running.id}` } }]);
    expect(aborted).toEqual([running.id]);
    expect(await operator.terminate("nobody")).toEqual([
      { [node]: { ok: "terminate: tasks unknown\nnone of them runs; what waits of them does not begin any more" } },
    ]);
    letGo();
    await delivered;
  });

  it("finds what waits and what runs by any of its stamps", async () => {
    const home = shop();
    const { slow, add, operator, aborted, clock, finish, letGo } = home;
    const running = await stamp(slow.s(), { tenant: "acme", plan: ["gold", "eu"] }).delay();
    const { delivered } = await begin(home);
    const waiting = await stamp(chain(add.s(1, 2), add.s(3)), { tenant: "acme" }).applyAsync([], { countdown: 60 });
    const other = await stamp(add.s(5, 6), { tenant: "other" }).delay();

    const flagged = await operator.revokeByStampedHeaders({ tenant: "nobody" });
    const revoked = await operator.revokeByStampedHeaders({ tenant: ["acme"], plan: "none" }, { terminate: true });
    await clock.advance(60);
    letGo();
    await delivered;
    await finish();

    expect(flagged).toEqual([
      {
        [node]: {
          ok: "headers {'tenant': 'nobody'} flagged as revoked, but not terminated\n0 calls have such a stamp, and are revoked",
          revoked: 0,
        },
      },
    ]);
    expect(revoked).toEqual([
      {
        [node]: {
          ok: "headers {'tenant': ['acme'], 'plan': 'none'} revoked\n2 calls have such a stamp, and are revoked",
          revoked: 2,
        },
      },
    ]);
    expect(aborted).toEqual([running.id]);
    expect(await waiting.state()).toBe("REVOKED");
    expect(await other.get()).toBe(11);
  });
});

describe("limits", () => {
  it("of a rate hold at the broker at once, for messages that it has already", async () => {
    const home = shop();
    const { app, operator, drain, finish, clock, broker } = home;
    const ran: number[] = [];
    const ping = app.task({ name: "tasks.ping", rateLimit: "100/s" }, () => ran.push(clock.now()));
    for (let nth = 0; nth < 4; nth += 1) await ping.delay();

    expect(await operator.rateLimit("tasks.ping", "1/m")).toEqual([
      { "store@tasks": { ok: "new rate limit set successfully" } },
    ]);
    await drain();
    expect(ran).toHaveLength(1);
    expect(await operator.rateLimit("tasks.ping", null)).toEqual([
      { [node]: { ok: "rate limit disabled successfully\ntasks.ping goes by what it declares: 100/s" } },
    ]);
    await drain();
    expect(ran).toHaveLength(4);
    expect(broker.waiting).toEqual([]);
    await finish();
  });

  it("refuse what is no rate and whose task nobody has, in Celery's words", async () => {
    const { operator, backend } = shop();

    expect(await operator.rateLimit("tasks.add", "10/fortnight")).toEqual([
      { "store@tasks": { error: expect.stringMatching(/^Invalid rate limit string: .*10\/fortnight/) } },
    ]);
    expect(await operator.rateLimit("tasks.none", "10/m")).toEqual([{ "store@tasks": { error: "unknown task" } }]);
    expect(await operator.timeLimit("tasks.none", { hard: 1 })).toEqual([{ "store@tasks": { error: "unknown task" } }]);
    await expect(operator.timeLimit("tasks.add", { soft: 2, hard: 1 })).rejects.toThrow(ImproperlyConfigured);
    await expect(operator.timeLimit("tasks.add", { soft: -1 })).rejects.toThrow("give seconds above 0");
    expect(await backend.monitor.directives()).toBeUndefined();
  });

  it("are shown by whoever has the task, and none of another is lost", async () => {
    const home = shop();
    const { add, operator, finish } = home;
    await add.delay(1, 2);
    await finish();

    await operator.rateLimit("tasks.add", "10/m");
    await operator.rateLimit("tasks.slow", 0);
    expect(await operator.timeLimit("tasks.add", { soft: 5, hard: 10 })).toEqual([
      { [node]: { ok: "time limits set successfully" } },
    ]);
    await operator.timeLimit("tasks.slow", { hard: null });

    expect(await operator.inspect().registered("rate_limit", "soft_time_limit", "time_limit")).toEqual({
      [node]: ["tasks.add [rate_limit=10/m soft_time_limit=5 time_limit=10]", "tasks.slow"],
    });
    await operator.timeLimit("tasks.add", {});
    await operator.rateLimit("tasks.slow", null);
    expect(await operator.inspect().registered("rate_limit", "time_limit")).toEqual({
      [node]: ["tasks.add [rate_limit=10/m]", "tasks.slow [rate_limit=100/m]"],
    });
  });
});

describe("queues and workers", () => {
  it("that are paused begin nothing, and go on where they were", async () => {
    const { add, operator, finish, drain, broker } = shop();
    await add.delay(0, 0);
    await finish();

    expect(await operator.cancelConsumer("default")).toEqual([{ [node]: { ok: "no longer consuming from default" } }]);
    const result = await add.delay(1, 2);
    await drain();
    expect(await result.ready()).toBe(false);
    expect(broker.waiting).toHaveLength(1);
    expect(await operator.inspect().activeQueues()).toEqual({ [node]: [] });

    expect(await operator.addConsumer("default")).toEqual([{ [node]: { ok: "add consumer default" } }]);
    expect(await operator.addConsumer("default")).toEqual([{ [node]: { ok: "already consuming from default" } }]);
    await finish();
    expect(await result.get()).toBe(3);
  });

  it("that are paused for most of a day lose nothing", async () => {
    const app = new Umbel("tasks");
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    await using kit = testKit(app);
    const operator = control(app);
    await operator.cancelConsumer("default");
    const result = await add.delay(1, 2);

    await kit.advance("20h");
    expect(await result.ready()).toBe(false);
    await operator.addConsumer("default");
    await kit.settle();

    expect(await result.get()).toBe(3);
  });

  it("that are shut down end what they have begun, and begin again when that is taken back", async () => {
    const home = shop();
    const { add, slow, operator, finish, drain, letGo } = home;
    const running = await slow.delay();
    const { delivered } = await begin(home);

    expect(await operator.shutdown({ destination: ["worker@other"] })).toEqual([
      { "worker@other": { ok: "not online now: this is kept, and it shuts down when it comes" } },
    ]);
    expect(await operator.shutdown()).toEqual([{ [node]: { ok: "shutting down" } }]);
    const result = await add.delay(1, 2);
    await drain();
    expect(await result.ready()).toBe(false);
    expect((await operator.status()).drained).toEqual([node, "worker@other"].toSorted());
    letGo();
    await delivered;
    expect(await running.get()).toBe(running.id);

    expect(await operator.restart({ pattern: "worker@t*" })).toEqual([{ [node]: { ok: "restarting" } }]);
    await finish();
    expect(await result.get()).toBe(3);
    expect((await operator.status()).drained).toEqual(["worker@other"]);
  });

  it("pause a queue that nobody knows, and the answer says so", async () => {
    const { add, operator, finish } = shop();
    await add.delay(0, 0);
    await finish();

    expect(await operator.cancelConsumer("slwo")).toEqual([
      { [node]: { ok: "no longer consuming from slwo; nobody here knows it, and this is kept for when it is used" } },
    ]);
  });

  it("send events or none, and say whether they did before", async () => {
    const { add, operator, finish } = shop();
    await add.delay(0, 0);
    await finish();

    expect(await operator.disableEvents()).toEqual([{ [node]: { ok: "task events already disabled" } }]);
    expect(await operator.enableEvents()).toEqual([{ [node]: { ok: "task events enabled" } }]);
    expect(await operator.enableEvents()).toEqual([{ [node]: { ok: "task events already enabled" } }]);
    expect((await operator.status()).nodes).toMatchObject([{ taskEvents: true }]);
  });
});

describe("purge", () => {
  it("means the queues that have a worker of their own, too", async () => {
    const { app } = world({ env: { UMBEL_QUEUES: '{"mapped":"https://worker.example"}' } });
    await app.sendTask("other.task", { queue: "mapped" });

    expect(await control(app).queues()).toEqual(["default", "mapped"]);
    expect(await control(app).purge()).toBe(1);
  });

  it("deletes what waits in the application's queues, and says how much that was", async () => {
    const home = shop();
    const { app, slow, add, operator, finish, letGo } = home;
    const running = await slow.delay();
    const { delivered } = await begin(home);
    for (let nth = 0; nth < 3; nth += 1) await add.delay(nth, 1);
    await add.applyAsync([4, 1], { countdown: 60 });
    const foreign = await app.sendTask("other.task", { queue: "elsewhere" });

    expect(await operator.queues()).toEqual(["default"]);
    expect(await operator.purgeCount()).toBe(4);
    expect(await operator.purge()).toBe(4);
    expect(await operator.purge()).toBe(0);
    expect(await operator.purgeCount({ queues: ["elsewhere"] })).toBe(1);
    expect(await operator.purge({ queues: ["elsewhere"] })).toBe(1);
    letGo();
    await delivered;
    await finish();

    expect(await running.get()).toBe(running.id);
    expect(await foreign.state()).toBe("PENDING");
  });
});

describe("operators at the same time", () => {
  it("lose nothing of each other", async () => {
    const { app, add, operator, finish } = shop();
    await add.delay(0, 0);
    await finish();
    const queues = Array.from({ length: 25 }, (_, nth) => `queue-${nth}`);

    await Promise.all([
      ...queues.map(async (queue) => await control(app).cancelConsumer(queue)),
      operator.rateLimit("tasks.add", "10/m"),
      control(app).timeLimit("tasks.add", { hard: 10 }),
      control(app).shutdown({ destination: ["worker@a"] }),
      control(app).enableEvents(),
    ]);

    expect(await operator.status()).toMatchObject({ paused: queues.toSorted(), drained: ["worker@a"] });
    expect(await operator.inspect().registered("rate_limit", "time_limit")).toMatchObject({
      [node]: ["tasks.add [rate_limit=10/m time_limit=10]", "tasks.slow [rate_limit=100/m]"],
    });
  });
});

describe("what cannot be done", () => {
  it("is said in a sentence: there is no pool, nobody can be asked for part of a change, a name is misspelt", async () => {
    const { operator } = shop();

    await expect(tell(operator, "pool_grow", { args: { n: 1 } })).rejects.toThrow(
      "There is no pool_grow: a worker here has no pool of processes",
    );
    await expect(tell(operator, "pool-grow")).rejects.toThrow(NotSupportedError);
    await expect(
      tell(operator, "rate_limit", {
        args: { task_name: "tasks.add", rate_limit: "1/s" },
        whom: { destination: [node] },
      }),
    ).rejects.toThrow("rate_limit is for all workers, and not for some");
    await expect(tell(operator, "rate_limt")).rejects.toThrow(
      'There is no control command "rate_limt"; the nearest name is "rate_limit"',
    );
    await expect(tell(operator, "rate_limit", { args: { rate_limit: "1/s" } })).rejects.toThrow(
      "The arguments of rate_limit: task_name: expected a name",
    );
  });

  it("is the store's or the broker's word where they are away, or show nothing of themselves", async () => {
    const { backend, operator, outage } = shop();
    const foreign = { broker: { ...memoryBroker(), name: "other" }, backend: { ...memoryBackend(), name: "other" } };
    const bare = new Umbel("bare", foreign);
    await expect(control(bare).status()).rejects.toThrow(
      /^Control knows no way to see what the backend "other" of the application "bare" holds: give it/,
    );
    await expect(control(bare, { store: backend.monitor }).purge()).rejects.toThrow(
      /^The broker "other" of the application "bare" does not show its messages: give control/,
    );
    await expect(control(new Umbel("bare", { broker: memoryBroker() })).status()).rejects.toThrow(
      'Control needs a backend, and the application "bare" has none',
    );
    outage(60);
    await expect(operator.inspect().active()).rejects.toThrow(BackendUnavailable);
    await expect(operator.status()).rejects.toThrow(BackendUnavailable);
  });

  it("is left out, where only a row of it cannot be read, and the log counts it", async () => {
    const home = shop();
    const { slow, operator, backend, lines, letGo } = home;
    await slow.delay();
    const started = await begin(home);
    const { monitor } = backend;
    const odd = { ...monitor, active: async () => ({ items: [{ id: "odd", about: "{", leaseUntil: 9e15 }] }) };
    const readable = control(home.app, {
      store: { ...odd, workers: async () => [{ worker: "odd", text: "[]", until: 9e15, totals: {} }] },
    });

    expect(await readable.inspect().active()).toEqual({});
    expect(await readable.status()).toMatchObject({ nodes: [], unread: 1 });
    expect(await readable.tasks("active")).toEqual({ items: [], unread: 1 });
    expect(lines.map(({ message }) => message)).toContain("1 of the active tasks could not be read, and are left out");
    await monitor.direct({ from: "", text: "{]", paused: [], drained: [] });
    expect(await operator.addConsumer("default")).toBeDefined();
    letGo();
    await started.delivered;
  });
});
