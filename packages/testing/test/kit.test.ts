import { chain, group, Umbel } from "@umbel/core";
import { BackendUnavailable } from "@umbel/protocol";
import { type AimedFault, testKit } from "@umbel/testing";
import { describe, expect, it } from "vitest";
import { isSlow } from "./pace.ts";

/** An application with a task that adds, one that counts its runs, and one that waits for a file, as it were. */
function arithmetic() {
  const app = new Umbel("tasks", { log: () => undefined });
  const runs: string[] = [];
  return {
    app,
    runs,
    add: app.task("tasks.add", (x: number, y: number) => x + y),
    xsum: app.task("tasks.xsum", (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0)),
    count: app.task("tasks.count", (label: string) => {
      runs.push(label);
      return label;
    }),
    slow: app.task("tasks.slow", async () => {
      await new Promise<void>((resolve) => void setTimeout(resolve, 20)); // Real time, of which the kit's clock knows nothing.
      return "read";
    }),
  };
}

describe("a kit", () => {
  it("runs an application as it stands, and gives it its own connections back", async () => {
    const { app, add, xsum } = arithmetic();
    const platform = app.platform;
    {
      await using kit = testKit(app);
      const result = await chain(group([add.s(2, 2), add.s(4, 4)]), xsum.s(), add.s(1)).delay();
      await kit.settle();
      expect(await result.get()).toBe(13);
      expect(app.platform).not.toBe(platform);
    }

    expect(app.platform).toBe(platform);
    expect(() => app.broker).toThrow(/has no broker/);
  });

  it("is the only one that an application has", async () => {
    const { app } = arithmetic();
    await using first = testKit(app);

    expect(() => testKit(app)).toThrow(/is in a test kit already/);
    expect(first.pushes).toEqual([]);
  });

  it("moves its clock through everything that is due, and no further than it is told", async () => {
    const { app, count, runs } = arithmetic();
    await using kit = testKit(app, { start: "2026-06-01T00:00:00Z" });
    await count.s("tomorrow").applyAsync({ countdown: "1 day" });
    await count.s("next week").applyAsync({ countdown: "7 days" });

    expect(await kit.advance("3 days")).toBe(1);

    expect(runs).toEqual(["tomorrow"]);
    expect(new Date(kit.now()).toISOString()).toBe("2026-06-04T00:00:00.000Z");
    expect(kit.waiting).toHaveLength(1);
  });

  it("lets time pass while nothing is delivered", async () => {
    const { app, count, runs } = arithmetic();
    await using kit = testKit(app);
    await count.s("late").applyAsync({ expires: 60 });

    await kit.advance(61, { deliver: false });
    await kit.settle();

    expect(runs).toEqual([]);
  });

  it("waits for a body that waits for something outside of it", async () => {
    const { app, slow } = arithmetic();
    await using kit = testKit(app);
    const result = await slow.delay();
    const start = kit.now();

    await kit.settle();

    expect(await result.get()).toBe("read");
    expect(kit.now()).toBe(start);
  });

  it.skipIf(isSlow)("says what waits when there is no end", async () => {
    const { app } = arithmetic();
    const stuck = app.task("tasks.stuck", async () => await new Promise<never>(() => undefined));
    await using kit = testKit(app, { seed: 7, patience: 1 });
    const { id } = await stuck.delay();

    const settled = await kit.settle().then(String, String);

    expect(settled).toContain("The kit does not come to rest (seed 7)");
    expect(settled).toContain(`tasks.stuck[${id}] runs`);
  });

  it("kills what runs, and does what a test wants before and after a call", async () => {
    const { app, count, runs } = arithmetic();
    await using kit = testKit(app);
    const result = await chain(count.si("first"), count.si("second")).delay();
    kit.before("finish", kit.crash);
    kit.after("publish", kit.crash);

    await kit.settle();

    expect(runs).toEqual(["first", "first", "second"]);
    expect(kit.answers).toEqual(["connection lost", "409 after 55 s", "connection lost", "200", "200"]);
    expect(await result.get()).toBe("second");
  });

  it("takes the store away for as long as it is told", async () => {
    const { app, count, runs } = arithmetic();
    await using kit = testKit(app);
    const result = await count.delay("once");
    kit.outage("10 minutes");

    await kit.advance("9 minutes");
    await expect(result.state()).rejects.toThrow("The store is away");
    await kit.settle();

    expect(runs).toEqual(["once"]);
    expect(await result.get()).toBe("once");
  });

  it("takes the store away from those who wait in it or watch it, in a body as well", async () => {
    const { app, add } = arithmetic();
    const told: unknown[] = [];
    const look = app.task("tasks.look", async (id: string) => {
      kit.outage("1 minute");
      await app.backend.wait(id, new AbortController().signal).then(
        () => told.push("a body's wait resolves"),
        (error: unknown) => told.push(error),
      );
    });
    await using kit = testKit(app);
    const sum = await add.delay(1, 2);
    await kit.settle();
    const signal = AbortSignal.timeout(10_000);
    const watched = app.backend.watch("nothing yet", signal)[Symbol.asyncIterator]();
    expect(await watched.next()).toEqual({ done: false, value: undefined });

    await look.delay(sum.id);
    await kit.advance(0);

    expect(told).toEqual([expect.any(BackendUnavailable)]);
    await expect(app.backend.wait(sum.id, signal)).rejects.toThrow("The store is away");
    await expect(app.backend.watch(sum.id, signal)[Symbol.asyncIterator]().next()).rejects.toThrow("The store is away");
    const [result] = await kit.backend.read([sum.id]);
    if (result === undefined) throw new Error("The sum has no result");
    await kit.backend.settle([{ id: "nothing yet", state: "SUCCESS", result, retention: 60 }]);
    await expect(watched.next()).rejects.toThrow("The store is away");

    await kit.settle();
    expect(await app.backend.wait(sum.id, signal)).toEqual(result);
  });

  it("serves what it is given in place of the worker", async () => {
    const { app, add } = arithmetic();
    await using kit = testKit(app, { endpoint: { fetch: () => new Response(null, { status: 489 }) } });
    await add.delay(1, 1);

    await kit.settle();

    expect(kit.deadLetters).toHaveLength(2);
  });
});

describe("an aimed fault", () => {
  const cases: readonly [aimed: AimedFault, answers: readonly string[], runs: number][] = [
    [{ fault: "drop", delivery: 0 }, ["connection lost", "200", "200"], 1],
    [{ fault: "delay", delivery: 0, seconds: 30 }, ["200", "200"], 1],
    [{ fault: "delay", delivery: 0, seconds: 3600 }, ["connection lost", "200", "200", "200"], 1],
    [{ fault: "duplicate", delivery: 0, seconds: 0 }, ["409 after 60 s", "200", "200"], 1],
    [{ fault: "duplicate", delivery: 0, seconds: 600 }, ["200", "200", "200"], 1],
    [{ fault: "loseAnswer", call: "claim", nth: 0 }, ["503", "409 after 55 s", "200", "200"], 1],
    [{ fault: "loseAnswer", call: "finish", nth: 0 }, ["200", "200"], 1],
    [{ fault: "loseAnswer", call: "publish", nth: 0 }, ["200", "200"], 1],
    [{ fault: "resend", call: "claim", nth: 0 }, ["200", "200"], 1],
    [{ fault: "crashBefore", call: "claim", nth: 0 }, ["connection lost", "200", "200"], 1],
    [{ fault: "crashBefore", call: "finish", nth: 0 }, ["connection lost", "409 after 55 s", "200", "200"], 2],
    [{ fault: "crashAfter", call: "finish", nth: 0 }, ["connection lost", "200", "200"], 1],
    [{ fault: "leaseDeath", call: "claim", nth: 0 }, ["connection lost", "409 after 35 s", "200", "200"], 2],
    [{ fault: "leaseDeath", call: "finish", nth: 0 }, ["connection lost", "409 after 35 s", "200", "200"], 2],
    [{ fault: "outage", call: "claim", nth: 0, seconds: 3 }, ["503", "200", "200"], 1],
    [{ fault: "outage", call: "finish", nth: 0, seconds: 3 }, ["200", "200"], 1],
  ];

  it.each(cases)("%j is answered %j, and the body runs %i times", async (aimed, answers, times) => {
    const { app, count, runs } = arithmetic();
    await using kit = testKit(app, { seed: 1, faults: [aimed] });
    const result = await chain(count.si("first"), count.si("second")).delay();

    await kit.settle();

    expect(kit.fired.find((each) => each.follows !== true)).toMatchObject({ ...aimed, task: "tasks.count" });
    expect(runs.filter((label) => label === "first")).toHaveLength(times);
    expect([...kit.answers].toSorted()).toEqual([...answers].toSorted());
    expect(await result.get()).toBe("second");
  });

  it("reorder lets another push that is due go first", async () => {
    const { app, count, runs } = arithmetic();
    await using kit = testKit(app, { seed: 1, faults: [{ fault: "reorder", delivery: 0 }] });
    await count.delay("first");
    await count.delay("second");

    await kit.settle();

    expect(runs).toEqual(["second", "first"]);
  });
});
