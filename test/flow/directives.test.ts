/** What operators ask of all workers: kept in the store, and done by whoever claims next. */

import { encodeDirectives, type Directives } from "@umbel/protocol";
import { BackendUnavailable, Umbel } from "umbel";
import { testKit } from "umbel/testing";
import { worker } from "umbel/worker";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { announcementsIn, typesIn } from "./watched.ts";
import { type World, world } from "./world.ts";

/** Asks for it, in place of all that was asked for before. */
async function direct({ backend }: Pick<World, "backend">, directives: Directives): Promise<void> {
  const { paused = [], drained = [] } = directives;
  const from = (await backend.monitor.directives())?.revision ?? "";
  await backend.monitor.direct({ from, text: encodeDirectives(directives), paused, drained });
}

/** A task that notes its limits. */
function limited(options: object = {}) {
  const home = world();
  const seen: (readonly [hard: number | null, soft: number | null])[] = [];
  const task = home.app.task({ name: "tasks.limited", bind: true, ...options }, ({ request }): null => {
    seen.push([request.timeLimit, request.softTimeLimit]);
    return null;
  });
  return { ...home, task, seen };
}

function flowOf({ broker }: Pick<World, "broker">): readonly (string | undefined)[] {
  return broker.waiting.map(({ flowKey }) => flowKey);
}

function claimsOf({ ports }: Pick<World, "ports">): number {
  return ports.calls.filter((call) => call === "claim").length;
}

function same(n: number): number {
  return n;
}

describe("task events that an operator wants", () => {
  it("are told from the next end on, whatever settings and options say", async () => {
    const app = new Umbel("tasks");
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    await using kit = testKit(app, { endpoint: worker(app, { taskEvents: false }) });

    await direct(kit, { taskEvents: true });
    await add.delay(1, 2);
    await kit.settle();
    await add.delay(1, 2);
    await kit.settle();

    expect(await typesIn(kit)).toEqual(["succeeded", "received", "started", "succeeded"]);
  });

  it("or does not want, are not told from the next end on, and again from the next end once nobody says so any more", async () => {
    const home = world({ workerSendTaskEvents: true });
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
    await direct(home, { taskEvents: false });
    await add.delay(1, 2);
    await home.drain();
    await direct(home, {});
    await add.delay(1, 2);
    await home.drain();

    expect(await typesIn(home)).toEqual(["received", "started", "succeeded"]);
  });

  it("stay silent of a task whose declaration says so", async () => {
    const home = world();
    const add = home.app.task({ name: "tasks.add", sendEvents: false }, (x: number, y: number) => x + y);
    await direct(home, { taskEvents: true });

    await add.delay(1, 2);
    await home.drain();

    expect(await typesIn(home)).toEqual([]);
  });
});

describe("time limits that an operator sets", () => {
  it("hold for the attempt that has just been claimed, and for those to come", async () => {
    const home = limited({ timeLimit: 300, softTimeLimit: 200 });
    await direct(home, { timeLimits: { "tasks.limited": { hard: 20, soft: 10 } } });

    await home.task.delay();
    await home.task.delay();
    await home.drain();

    expect(home.seen).toEqual([
      [20, 10],
      [20, 10],
    ]);
  });

  it.each([
    { limits: { soft: null }, seen: [300, null] },
    { limits: { hard: null }, seen: [null, 200] },
    { limits: { hard: 5 }, seen: [5, 200] },
  ])("take away, or leave as declared: $limits", async ({ limits, seen }) => {
    const home = limited({ timeLimit: 300, softTimeLimit: 200 });
    await direct(home, { timeLimits: { "tasks.limited": limits, constructor: { hard: 1 } } });

    await home.task.applyAsync([], { timeLimit: 300 });
    await home.drain();

    expect(home.seen).toEqual([seen]);
  });

  it("end an attempt", async () => {
    const home = world();
    const slow = home.app.task({ name: "tasks.slow", bind: true }, async ({ signal }): Promise<null> => {
      await home.clock.sleep(300, signal);
      return null;
    });
    await direct(home, { timeLimits: { "tasks.slow": { hard: 10 } } });

    const result = await slow.delay();
    await home.finish();

    await expect(result.get()).rejects.toThrow("hard time limit of 10 s");
  });
});

describe("a hard limit that an operator sets, while this worker has not heard of it", () => {
  it.each([
    { hard: 3600, state: "SUCCESS" },
    { hard: null, state: "SUCCESS" },
    { hard: 65, state: "FAILURE" },
  ])("counts for whoever takes over from one that dies 70 s later: $hard", async ({ hard, state }) => {
    const home = world();
    let runs = 0;
    const slow = home.app.task({ name: "tasks.slow", bind: true, timeLimit: 60 }, async ({ signal }): Promise<null> => {
      runs += 1;
      if (runs === 1) await home.clock.sleep(300, signal);
      return null;
    });
    await direct(home, { timeLimits: { "tasks.slow": { hard } } });

    const result = await slow.delay();
    const drained = home.broker.deliverNext();
    await until(() => runs === 1);
    await home.clock.advance(30);
    await home.clock.advance(30);
    if (hard !== 65) await home.clock.advance(10);
    home.kill();
    await drained;
    await home.finish();

    expect(await result.state()).toBe(state);
  });

  it("costs one round trip more, once", async () => {
    const home = limited({ timeLimit: 60 });
    await direct(home, { timeLimits: { "tasks.limited": { hard: 3600, soft: 5 } } });

    await home.task.delay();
    await home.task.delay();
    await home.drain();

    expect(home.seen).toEqual([
      [3600, 5],
      [3600, 5],
    ]);
    expect(claimsOf(home)).toBe(3);
  });

  it("runs the body all the same when the store is away then, and not for long", async () => {
    const home = limited({ timeLimit: 60 });
    await direct(home, { timeLimits: { "tasks.limited": { hard: 3600 } } });
    home.ports.after("claim", () => {
      home.ports.before("claim", () => {
        throw new BackendUnavailable("the store is away");
      });
    });

    await home.task.delay();
    await home.finish();

    expect(home.seen).toEqual([[3600, null]]);
    expect(home.answers).toEqual(["200"]);
  });
});

describe("rate limits that an operator sets", () => {
  it("go with what a worker sends: what its bodies call, and what follows", async () => {
    const home = world();
    const mail = home.app.task("tasks.mail", (): null => null);
    const outer = home.app.task({ name: "tasks.outer", bind: true }, async (task): Promise<null> => {
      await task.delay(mail.s());
      return null;
    });
    await direct(home, { rateLimits: { "tasks.mail": "1/m" } });

    await outer.applyAsync([], { link: mail.si() });
    expect(flowOf(home)).toEqual([undefined]);
    await home.drain();
    await outer.applyAsync([], { link: mail.si() });
    const start = home.now();
    await home.finish();

    expect(home.pushes.filter(({ body }) => body.includes("tasks.mail"))).not.toHaveLength(0);
    expect(home.now() - start).toBeGreaterThanOrEqual(60_000);
  });

  it("take the place of those that were declared, for all calls together; those at once stay", async () => {
    const home = world();
    const mail = home.app.task({ name: "tasks.mail", rateLimit: { rate: 1, key: String } }, same);
    const post = home.app.task({ name: "tasks.post", rateLimit: { rate: 1, parallelism: 2, key: String } }, same);
    const send = async () => await Promise.all([mail.delay(1), post.delay(1)]);
    await direct(home, { rateLimits: { "tasks.mail": "10/m", "tasks.post": "10/m" } });

    await send();
    expect(flowOf(home)).toEqual(["tasks:tasks.mail:1", "tasks:tasks.post:1"]);
    await home.finish();
    await send();
    expect(flowOf(home)).toEqual(["tasks:tasks.mail", "tasks:tasks.post"]);
    await direct(home, { rateLimits: { "tasks.mail": 0, "tasks.post": 0 } });
    await home.finish();
    await send();

    expect(flowOf(home)).toEqual([undefined, "tasks:tasks.post"]);
  });

  it("are seen where the worker shows itself", async () => {
    const home = world();
    const add = home.app.task({ name: "tasks.add", rateLimit: "1/h" }, (x: number, y: number) => x + y);
    await direct(home, {
      rateLimits: { "tasks.add": "10/m" },
      timeLimits: { "tasks.add": { soft: 5 } },
      taskEvents: true,
    });

    await add.delay(1, 2);
    await home.drain();
    await home.clock.advance(31);
    await add.delay(1, 2);
    await home.finish();

    expect((await announcementsIn(home)).get("worker@tasks")).toMatchObject({
      taskEvents: true,
      tasks: [{ name: "tasks.add", rate_limit: "10/m", time_limit: null, soft_time_limit: 5 }],
    });
  });
});

describe("a queue that is paused", () => {
  it("is begun nothing of: the broker comes back later and later, and all is done once it goes on", async () => {
    const app = new Umbel("tasks");
    const ran: number[] = [];
    const note = app.task("tasks.note", (n: number): null => {
      ran.push(n);
      return null;
    });
    await using kit = testKit(app);
    await direct(kit, { paused: ["slow"] });

    await note.applyAsync([1], { queue: "slow" });
    await kit.advance(60 + 120);
    expect(ran).toEqual([]);
    await direct(kit, {});
    await kit.settle();

    expect(ran).toEqual([1]);
    expect(kit.answers).toEqual(["503 after 60 s", "503 after 120 s", "503 after 240 s", "200"]);
  });

  it("is asked again within the hour", async () => {
    const app = new Umbel("tasks");
    const note = app.task("tasks.note", (): null => null);
    await using kit = testKit(app, { brokerRetries: 70 });
    await direct(kit, { paused: ["default"] });

    await note.delay();
    await kit.advance("2d");

    expect(kit.answers[5]).toBe("503 after 1920 s");
    expect(new Set(kit.answers.slice(6, 40))).toEqual(new Set(["503 after 3600 s"]));
  });

  it.each(["paused", "drained"] as const)("fails nothing, however long it is %s", async (how) => {
    const home = world({ brokerRetries: 2 });
    const note = home.app.task("tasks.note", (n: number) => n);
    await direct(home, { [how]: [how === "paused" ? "default" : "worker@tasks"] });

    const result = await note.delay(1);
    await home.advance("1h");
    expect(await result.state()).toBe("PENDING");
    expect(home.pushes.filter(({ url }) => url.endsWith("/failed")).length).toBeGreaterThan(5);
    await direct(home, {});
    await home.finish();

    expect(await result.get()).toBe(1);
  });

  it("fails nothing that it has used up the tries of, when the next delivery fails once it goes on", async () => {
    const home = world({ brokerRetries: 2 });
    const received: string[] = [];
    home.app.signals.taskReceived.connect(({ request }) => void received.push(request.id));
    const note = home.app.task("tasks.note", (n: number) => n);
    await direct(home, { paused: ["default"] });
    const result = await note.delay(1);
    await home.advance(0);
    await home.advance(60);
    expect(home.answers.map((answer) => answer.slice(0, 3))).toEqual(["503", "503"]);
    await direct(home, {});
    home.ports.before("claim", () => {
      throw new BackendUnavailable("the store is away");
    });

    await home.finish();

    expect(await result.get()).toBe(1);
    expect(new Set(received)).toEqual(new Set([result.id]));
  });

  it("is heard of once by who listens for what is received, and again when it goes on", async () => {
    const home = world();
    const heard: string[] = [];
    home.app.signals.taskReceived.connect(() => void heard.push("received"));
    home.app.signals.taskPrerun.connect(() => void heard.push("prerun"));
    const note = home.app.task("tasks.note", (n: number) => n);
    await direct(home, { paused: ["default"] });
    await note.delay(1);
    await home.advance("1h");
    expect(heard).toEqual(["received"]);
    expect(home.lines.filter(({ message }) => message === "received")).toHaveLength(1);
    await direct(home, {});

    await home.finish();

    expect(heard).toEqual(["received", "received", "prerun"]);
  });

  it.each<Directives>([{ paused: ["default"] }, { drained: ["worker@tasks"] }])(
    "holds back nothing of ours: what waits for days is revoked soon while there is %j",
    async (directives) => {
      const home = world();
      const note = home.app.task("tasks.note", (n: number) => n);
      const result = await note.applyAsync([1], { queue: "slow", countdown: "2d" });
      await direct(home, directives);

      await home.app.revoke(result.id);
      await home.advance("2h");

      expect(await result.state()).toBe("REVOKED");
    },
  );

  it("holds up no other, and what a worker would get that is drained waits in the same way", async () => {
    const home = world();
    const note = home.app.task("tasks.note", (n: number) => n);
    await direct(home, { paused: ["slow"] });
    await note.delay(1);
    await home.drain();
    await direct(home, { drained: ["worker@tasks"] });
    await note.delay(2);

    await home.advance(0);

    expect(home.answers).toEqual(["200", "503 after 60 s"]);
    expect(home.broker.waiting).toHaveLength(1);
  });
});

describe("directives that cannot be read", () => {
  it.each(["nonsense", '{"taskEvents":"yes"}', '{"rateLimits":{"tasks.add":"often"}}'])(
    "are said to be so once, and change nothing: %s",
    async (text) => {
      const home = world();
      const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
      await home.backend.monitor.direct({ from: "", text, paused: [], drained: [] });

      for (let turn = 0; turn < 3; turn += 1) await add.delay(turn, 1);
      await home.finish();

      expect(home.answers).toEqual(["200", "200", "200"]);
      expect(home.lines.filter(({ message }) => message.includes("operators"))).toHaveLength(1);
    },
  );
});
