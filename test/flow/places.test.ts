/** Where a call goes, and when: what makes no sense is refused where it is written or sent, before anything leaves. */

import { chain, Umbel } from "umbel";
import { memoryBackend, memoryBroker } from "umbel/memory";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const noQueue = 'queue is "": give a name';

describe("a place that makes no sense", () => {
  it.each([
    [{ queue: "" }, /^queue(?: of the task "tasks.placed")? is "": give a name$/],
    [{ priority: Number.NaN }, / is NaN: give a whole number from 0 to 9$/],
    [{ priority: 10 }, /^priority(?: of the task "tasks.placed")? is 10: /],
    [{ priority: 0.5 }, / is 0.5: /],
    [{ priority: -1 }, / is -1: /],
  ])("is refused with the call, the signature and the task that has it: %j", async (place, says) => {
    const { app, broker } = world();
    const add = app.task("tasks.add", (x: number, y: number) => x + y);

    await expect(add.applyAsync([1, 2], place)).rejects.toThrow(says);
    expect(() => add.s(1).set(place)).toThrow(says);
    expect(() => add.signature([1], place)).toThrow(says);
    expect(() => app.task({ name: "tasks.placed", ...place }, () => 1)).toThrow(says);
    await expect(app.sendTask("tasks.elsewhere", place)).rejects.toThrow(says);
    expect(broker.waiting).toEqual([]);
  });

  it("is refused where a route or the setting that has it is set", () => {
    expect(() => world({ taskRoutes: [{ "tasks.add": "" }] })).toThrow(noQueue);
    expect(() => world({ taskRoutes: [["tasks.*", { priority: 10 }]] })).toThrow("priority is 10");
    expect(() => world({ taskDefaultQueue: "" })).toThrow('taskDefaultQueue is "": give a name');
  });

  it("is refused with the call when a route says it that is a function", async () => {
    const routes = [(name: string) => (name === "tasks.add" ? "" : undefined), () => ({ priority: Number.NaN })];
    const { app, broker } = world({ taskRoutes: routes });

    await expect(app.sendTask("tasks.add")).rejects.toThrow(noQueue);
    await expect(app.sendTask("tasks.other")).rejects.toThrow("priority is NaN");
    expect(broker.waiting).toEqual([]);
  });

  it.each([0, 9])("is none with the priority %i", async (priority) => {
    const { app, broker } = world();

    await app.sendTask("tasks.add", { priority });

    expect(broker.waiting).toHaveLength(1);
  });
});

describe("a broker that holds nothing back", () => {
  const broker = memoryBroker({ deliver: () => new Response(), traits: { delay: false } });
  const app = new Umbel("tasks", { broker, backend: memoryBackend(), log: () => undefined });
  const add = app.task("tasks.add", (x: number, y: number) => x + y);

  it.each([
    ["a countdown", async () => await add.applyAsync([1, 2], { countdown: 60 })],
    ["an instant", async () => await add.applyAsync([1, 2], { eta: new Date("2100-01-01") })],
    ["a chain that begins later", async () => await chain(add.s(1, 2).set({ countdown: 60 }), add.s(3)).delay()],
  ])("is asked for no delay, for it would run the task too early: %s", async (_, call) => {
    await expect(call()).rejects.toMatchObject({
      code: "NOT_SUPPORTED",
      message: expect.stringContaining('tasks.add is to run later, but the broker "memory" holds nothing back'),
    });
    expect(broker.waiting).toEqual([]);
  });
});
