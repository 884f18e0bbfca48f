/** Beat over the whole of Umbel in memory: what a tick sends, and that nothing sends it twice. */

import { memoryBackend, memoryBroker } from "@umbel/memory";
import type { Backend } from "@umbel/protocol";
import { Hono } from "hono";
import { BackendUnavailable, type TaskMessage, Umbel } from "umbel";
import { type Beat, beat } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { type World, world } from "./world.ts";

/** An entry that runs each minute and writes down each run. */
function minutely(wrap?: (backend: Backend) => Backend) {
  const home = world({}, wrap);
  const ran: string[] = [];
  const heartbeat = home.app.task({ name: "tasks.heartbeat", bind: true }, (task) => void ran.push(task.request.id));
  const schedule = beat(home.app, { heartbeat: { task: heartbeat.s(), schedule: "1m" } });
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
  it("sends what is due and says so", async () => {
    const home = minutely();
    await started(home);

    const response = await tick(home.schedule);

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ sent: [{ entry: "heartbeat", slot: "2026-01-01T00:01:00.000Z" }] });
    await home.drain();
    expect(home.ran).toHaveLength(1);
  });

  it("sends nothing the second time in a slot", async () => {
    const home = minutely();
    await started(home);
    await home.schedule.tick();

    expect(await home.schedule.tick()).toEqual({ sent: [], failed: [] });
  });

  it("sends once when two come at the same time", async () => {
    const home = minutely();
    await started(home);

    const both = await Promise.all([home.schedule.tick(), home.schedule.tick()]);

    expect(new Set(both.flatMap(({ sent }) => sent.map((run) => run.id))).size).toBe(1);
    expect(home.broker.waiting).toHaveLength(1);
  });

  it("sends the same id again when the last one was cut off before it kept what it sent, and the task runs once", async () => {
    let isCut = false;
    const home = minutely((backend) => ({
      ...backend,
      async save(name, text, seconds) {
        if (isCut) throw new BackendUnavailable("The store is gone");
        await backend.save(name, text, seconds);
      },
    }));
    await started(home);
    isCut = true;
    await expect(home.schedule.tick()).rejects.toThrow("The store is gone");
    await home.drain();
    isCut = false;
    await home.clock.advance(30);

    const { sent } = await home.schedule.tick();

    await home.drain();
    expect(home.ran).toEqual([sent[0]?.id]);
  });

  it("runs the latest turn once when ticks were missed", async () => {
    const home = minutely();
    await started(home);
    await home.clock.advance(3600);

    const { sent } = await home.schedule.tick();

    expect(sent.map((run) => run.slot)).toEqual(["2026-01-01T01:01:00.000Z"]);
  });

  it("reads the store once, and writes it only when a turn was sent", async () => {
    const calls: string[] = [];
    const home = minutely((backend) => ({
      ...backend,
      async load(name) {
        calls.push("load");
        return await backend.load(name);
      },
      async save(name, text, seconds) {
        calls.push("save");
        await backend.save(name, text, seconds);
      },
    }));
    await started(home);
    calls.length = 0;

    await home.schedule.tick();
    await home.schedule.tick();

    expect(calls).toEqual(["load", "save", "load"]);
  });

  it("starts anew, and says so, when what is stored is not beat's", async () => {
    const home = minutely();
    await home.backend.save("beat:tasks", "[1", 60);

    expect(await home.schedule.tick()).toEqual({ sent: [], failed: [] });
    expect(home.lines.map((line) => line.message).join()).toContain("not beat's");
  });
});

describe("an entry that cannot be sent", () => {
  it("keeps no other from being sent, answers 503, and is tried again under the same id", async () => {
    const home = world();
    const good = home.app.task("tasks.good", () => "done");
    const bad = home.app.task("tasks.bad", (value: unknown) => value);
    const schedule = beat(home.app, {
      bad: { task: bad.s(1n), schedule: "1m" },
      good: { task: good.s(), schedule: "1m" },
    });
    await schedule.tick();
    await home.clock.advance(60);

    const first = await tick(schedule);
    const second = await schedule.tick();

    expect(first.status).toBe(503);
    const told = JSON.parse(await first.text());
    expect(told).toMatchObject({ sent: [{ entry: "good" }], failed: [{ entry: "bad" }] });
    expect(second).toMatchObject({ sent: [], failed: [{ entry: "bad", id: told.failed[0].id }] });
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
      entries: [{ name: "rent", task: "shop.charge", every: 3600 }],
    });
  });
});

describe("who may tick", () => {
  it.each([
    ["nobody", {}],
    ["a wrong token", { authorization: "Bearer guess" }],
    ["a wrong signature", { "umbel-signature": "00" }],
  ])("refuses %s with 401, and sends nothing", async (_, headers) => {
    const home = minutely();
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
    expect(warnings).toEqual([expect.stringMatching(/^No UMBEL_BEAT_TOKEN set: /)]);
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
    const home = minutely();
    await home.schedule.scheduled({}, {});
    await home.clock.advance(60);

    await home.schedule.scheduled({}, { UMBEL_EXAMPLE: "bound" });

    expect(home.broker.waiting).toHaveLength(1);
    expect(home.app.environment("UMBEL_EXAMPLE")).toBe("bound");
  });
});
