/** Beat over the whole of Umbel in memory: what a tick sends, and that nothing sends it twice. */

import { memoryBackend, memoryBroker } from "@umbel/memory";
import { Hono } from "hono";
import { BackendUnavailable, BrokerUnavailable, chord, type TaskMessage, Umbel } from "umbel";
import { type Beat, type BeatOptions, beat } from "umbel/beat";
import { eager } from "umbel/eager";
import { describe, expect, it } from "vitest";
import { type World, world } from "./world.ts";

/** An entry that runs each minute and writes down each run. */
function minutely(options: BeatOptions = {}) {
  const home = world();
  const ran: string[] = [];
  const heartbeat = home.app.task({ name: "tasks.heartbeat", bind: true }, (task) => void ran.push(task.request.id));
  const schedule = beat(home.app, { heartbeat: { task: heartbeat.s(), schedule: "1m" } }, options);
  return { ...home, ran, schedule };
}

async function tick(schedule: Beat, headers: Record<string, string> = { authorization: "Bearer umbel-dev" }) {
  return await schedule.request("http://127.0.0.1:8788/tick", { method: "POST", headers });
}

/** A tick that finds the entry for the first time, a minute before its first turn. */
async function started(home: World & { readonly schedule: Beat }) {
  await home.schedule.tick();
  await home.clock.advance(60);
}

describe("a tick", () => {
  it("sends what is due, says so, and says when it is wanted again", async () => {
    const home = minutely({ horizon: 0 });
    await started(home);

    const response = await tick(home.schedule);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      sent: [{ entry: "heartbeat", slot: "2026-01-01T00:01:00.000Z", id: expect.any(String) }],
      failed: [],
      skipped: [],
      next: "2026-01-01T00:02:00.000Z",
      wait: 60,
    });
    await home.drain();
    expect(home.ran).toHaveLength(1);
  });

  it("sends what is due within the horizon ahead of its time, and it begins on the second", async () => {
    const home = minutely();
    const { sent, wait } = await home.schedule.tick();

    await home.clock.advance(59.9);
    await home.drain();
    const early = [...home.ran];
    await home.clock.advance(0.1);
    await home.drain();

    expect(sent.map(({ slot }) => slot)).toEqual(["2026-01-01T00:01:00.000Z"]);
    expect(wait).toBe(45);
    expect(early).toEqual([]);
    expect(home.ran).toEqual(sent.map(({ id }) => id));
  });

  it("sends nothing the second time", async () => {
    const home = minutely();
    await home.schedule.tick();

    expect(await home.schedule.tick()).toMatchObject({ sent: [], failed: [], skipped: [] });
  });

  it("sends once when two come at the same time", async () => {
    const home = minutely();

    const both = await Promise.all([home.schedule.tick(), home.schedule.tick()]);

    expect(new Set(both.flatMap(({ sent }) => sent.map((run) => run.id))).size).toBe(1);
    expect(home.broker.waiting).toHaveLength(1);
  });

  it("counts an expiry from the instant that a run is for", async () => {
    const home = world();
    const ran: string[] = [];
    const ping = home.app.task("tasks.ping", () => void ran.push("ping"));
    const hurried = home.app.task({ name: "tasks.hurried", expires: 5 }, () => void ran.push("hurried"));
    const entries = {
      ping: { task: ping.s(), schedule: "1m", options: { expires: 10 } },
      hurried: { task: hurried.s(), schedule: "1m" },
    };
    await beat(home.app, entries).tick();

    await home.clock.advance(60);
    await home.drain();

    expect(ran.toSorted()).toEqual(["hurried", "ping"]);
  });

  it("sends a whole canvas, once however often it is sent", async () => {
    const home = world();
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
    const sums: number[] = [];
    const total = home.app.task("tasks.total", (parts: readonly number[]) => void sums.push(parts.length));
    const task = chord([add.s(1, 1), add.s(2, 2), add.s(3, 3)], total.s());
    const schedule = beat(home.app, { sum: { task, schedule: "1m" } });
    home.ports.after("publish", () => {
      throw new BrokerUnavailable("The answer was lost");
    });

    const ticking = schedule.tick();
    await home.finish();

    expect((await ticking).sent).toHaveLength(1);
    expect(sums).toEqual([3]);
  });

  it("makes lazy arguments for each run", async () => {
    const home = world();
    const seen: number[] = [];
    const note = home.app.task("tasks.note", (value: number) => void seen.push(value));
    let next = 0;
    const schedule = beat(
      home.app,
      { note: { task: note, args: () => [(next += 1)], schedule: "1m" } },
      { horizon: 180 },
    );

    await schedule.tick();
    await home.finish();

    expect(seen).toEqual([1, 2, 3]);
  });

  it("runs what is due in this process, and nothing ahead, where all calls run here", async () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    const clock = () => now;
    const options = { taskAlwaysEager: true, eager: eager(), platform: { now: clock }, log: () => undefined };
    const app = new Umbel("tasks", { ...options, backend: memoryBackend({ now: clock }) });
    const ran: string[] = [];
    const note = app.task({ name: "tasks.note", bind: true }, (task) => void ran.push(task.request.id));
    const schedule = beat(app, { note: { task: note, schedule: "1m" } });
    await schedule.tick();
    const before = ran.length;
    now += 60_000;

    const { sent } = await schedule.tick();

    expect(before).toBe(0);
    expect(sent).toHaveLength(1);
    expect(ran).toEqual(sent.map(({ id }) => id));
  });

  it("reads and writes once, and sends all in one call, however many entries are due", async () => {
    const { schedule, ports } = many(80);
    await schedule.tick();
    ports.calls.length = 0;

    await schedule.tick();
    await schedule.tick();

    expect(ports.calls).toEqual(["due", "due"]);
  });

  it("keeps to its plan at no further cost", async () => {
    const { schedule, ports, clock } = many(80);
    await schedule.tick();
    await clock.advance(60);
    ports.calls.length = 0;

    const { sent } = await schedule.tick();

    expect(sent).toHaveLength(80);
    expect(ports.calls).toEqual(["due", "publish", "change"]);
  });

  it("tells of each run by a signal, and in the log", async () => {
    const home = minutely();
    const heard: unknown[] = [];
    home.app.signals.beatDue.connect(({ sender, signal: _signal, ...event }) => heard.push([sender, event]));

    const { sent } = await home.schedule.tick();

    const [run] = sent;
    expect(heard).toEqual([["tasks", { entry: "heartbeat", slot: run?.slot, taskId: run?.id, outcome: "sent" }]]);
    expect(home.lines.map(({ message }) => message)).toContain(
      `Scheduler: Sending due task heartbeat (tasks.heartbeat) for ${run?.slot}`,
    );
  });

  it("has one line in the log for all runs of an entry that it sends at once", async () => {
    const { app, clock, lines } = world({ time: { start: Date.parse("2026-01-01T00:00:00Z") } });
    const noop = app.task("tasks.noop", () => null);
    const schedule = beat(app, { often: { task: noop.s(), schedule: "10s" } });
    await schedule.tick();
    lines.length = 0;
    await clock.advance(60);

    const { sent } = await schedule.tick();

    expect(sent).toHaveLength(6);
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      "INFO Scheduler: Sending due task often (tasks.noop): 6 runs, 2026-01-01T00:01:40.000Z to 2026-01-01T00:02:30.000Z",
    ]);
  });
});

/** So many entries that run each minute. */
function many(count: number) {
  const home = world();
  const noop = home.app.task("tasks.noop", () => null);
  const entries = Object.fromEntries(
    Array.from({ length: count }, (_, nth) => [`entry ${nth}`, { task: noop.s(), schedule: "1m" }]),
  );
  return { ...home, schedule: beat(home.app, entries) };
}

describe("a store that is away", () => {
  it("is one line in the log, without a stack, and 503", async () => {
    const home = minutely();
    home.backend.schedules.due = async () => await Promise.reject(new BackendUnavailable("The store is away"));

    const response = await tick(home.schedule);

    expect(response.status).toBe(503);
    expect(home.lines.filter(({ level }) => level === "ERROR" || level === "CRITICAL")).toMatchObject([
      { level: "ERROR", message: "A request could not be answered for now: The store is away" },
    ]);
  });
});

describe("what a stranger sees", () => {
  it("is the entries' names, tasks and intervals, and no argument", async () => {
    const { app } = world();
    const charge = app.task("shop.charge", (card: string) => card);
    const schedule = beat(app, { rent: { task: charge.s("4111"), schedule: { hours: 1 } } });

    const response = await schedule.request("http://127.0.0.1:8788/");

    expect(await response.json()).toEqual({
      app: "tasks",
      entries: [{ name: "rent", task: "shop.charge", schedule: "every hour" }],
    });
  });
});

describe("who may tick", () => {
  it.each([
    ["nobody", {}],
    ["a wrong token", { authorization: "Bearer guess" }],
    ["a wrong signature", { "umbel-signature": "00" }],
  ])("refuses %s with 401, and sends nothing", async (_, headers) => {
    const home = minutely({ horizon: 0 });
    await started(home);

    const response = await tick(home.schedule, headers);

    expect(response.status).toBe(401);
    expect(home.broker.waiting).toHaveLength(0);
  });

  it("takes the token that it was made with", async () => {
    const { app } = world();
    const schedule = beat(app, {}, { token: "mine" });

    expect((await tick(schedule, { authorization: "Bearer mine" })).status).toBe(200);
    expect((await tick(schedule)).status).toBe(401);
  });

  it.each([
    ["token", 200],
    ["broker", 401],
    ["platform", 401],
  ] as const)("answers who has the token, where it is ticked by the %s alone, with %d", async (tickedBy, status) => {
    const { app } = world();

    expect((await tick(beat(app, {}, { tickedBy }))).status).toBe(status);
  });

  it("needs a token of its own in production, and names the variable", async () => {
    const { app } = world({ env: { NODE_ENV: "production" } });

    const response = await tick(beat(app, {}));

    expect(response.status).toBe(500);
    expect(await response.text()).toContain("UMBEL_BEAT_TOKEN");
  });

  it("takes the development token on this machine only", async () => {
    const { schedule, broker } = minutely();
    const headers = { authorization: "Bearer umbel-dev" };

    const response = await schedule.request("https://beat.example/tick", { method: "POST", headers });

    expect(response.status).toBe(500);
    expect(await response.text()).toContain("UMBEL_BEAT_TOKEN");
    expect(broker.waiting).toEqual([]);
  });

  it("is anybody on this machine while no token is set, of which the log warns once", async () => {
    const { schedule, lines } = minutely();

    await tick(schedule);
    await tick(schedule);

    const warnings = lines.filter(({ level }) => level === "WARNING").map(({ message }) => message);
    expect(warnings).toEqual([expect.stringMatching(/^No UMBEL_BEAT_TOKEN of your own: /)]);
  });

  it.each([
    [undefined, true],
    ["broker", true],
    ["token", false],
  ] as const)(
    "lets a push of the broker in, as a schedule of the broker's sends it, where %s ticks: %s",
    async (...each) => {
      const [tickedBy, isTaken] = each;
      const broker = memoryBroker({ deliver: async (push) => await site.request(push.url, push) });
      const app = new Umbel("tasks", { broker, backend: memoryBackend() });
      const site = new Hono().route("/q", beat(app, {}, tickedBy && { tickedBy })); // A queue named "tick" is pushed to /q/tick.
      const message: TaskMessage = {
        headers: { lang: "js", task: "tick", id: "1" },
        properties: {},
        body: [[], {}, {}],
      };

      await broker.publish([{ message, queue: "tick", deduplicationId: "1" }]);

      expect(await broker.deliverNext()).toBe(true);
      expect(broker.waiting).toHaveLength(isTaken ? 0 : 1);
    },
  );

  it("ticks for a cron trigger, with the bindings that come with it", async () => {
    const home = minutely({ horizon: 0 });
    await home.schedule.scheduled({}, {});
    await home.clock.advance(60);

    await home.schedule.scheduled({}, { UMBEL_EXAMPLE: "bound" });

    expect(home.broker.waiting).toHaveLength(1);
    expect(home.app.environment("UMBEL_EXAMPLE")).toBe("bound");
  });

  it("fails for a cron without bindings where a run could not be sent", async () => {
    const home = world();
    const task = home.app.task("tasks.late", (_what: string) => undefined);
    const schedule = beat(home.app, { late: { task, args: notKnown, schedule: 60 } }, { horizon: 0 });
    await schedule.scheduled();

    await home.clock.advance(60);

    await expect(schedule.scheduled()).rejects.toThrow("Beat could not send late");
  });
});

function notKnown(): readonly [string] {
  throw new Error("not known yet");
}
