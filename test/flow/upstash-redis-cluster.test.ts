/** One slot for each atomic step (delivery.md 18): a node of a cluster refuses a script whose keys are in two. */
import { upstash, upstashMonitor, upstashSchedules, withAttempts } from "@umbel/upstash-redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines, serveStore, type ServedStore } from "../store.ts";

const ids = ["a", "{a}", "{a}{b}", "a{b", "{{a}}", "a b:c/漢", "a}b", "}", "{}", "a{}b", "{}{b}", "}漢{", "}{b}"];

describe.skipIf(!engines.includes("redis-server"))("before a Redis Cluster", () => {
  let store: ServedStore;
  beforeAll(async () => void (store = await serveStore("redis-cluster")));
  afterAll(() => store.stop());

  describe.each(["", "shop:", "{shop}:"])("with the prefix %j", (prefix) => {
    it.each(ids)("the life of a task with the id %j is kept step by step", async (id) => {
      const backend = withAttempts(
        upstash({ ...store.address, subscribe: false, prefix, cluster: true })(() => undefined),
      );
      const result = { status: "SUCCESS", result: 5, traceback: null, children: [], date_done: null, task_id: id };
      const life = { lease: 60, retention: 3600 };
      const { letter, sighting, notes } = told();
      const part = { id, index: 0, state: "SUCCESS", result: 5 } as const;

      const claim = await backend.claim({ id, retries: 0, generation: 0, token: "t", ...life, started: result, notes });
      const fence = { retries: 0, generation: 0, epoch: 0 };
      const renewal = await backend.renew({ id, fence, ...life, sighting });
      const progressed = await backend.progress({ id, fence, result });
      await backend.settle([{ id: `${id}2`, state: "SUCCESS", result, retention: 3600 }]);
      await backend.revoke({ ids: [`${id}3`], terminate: true, retention: 3600 });
      await backend.emit?.([letter]);
      const end = { state: "SUCCESS", result, effects: [], events: [letter], retention: 3600 } as const;
      const finish = await backend.finish({ id, fence, ...end });
      const chord = await backend.join({ group: id, size: 1, part, retention: 3600 });

      expect(renewal).toEqual({ held: true, revoked: false, terminate: false });
      expect([claim, progressed, finish]).toEqual([{ answer: "run", fence }, true, { applied: true, effects: [] }]);
      expect(chord).toEqual({ complete: true, parts: [part] });
      expect(await backend.read([id, `${id}2`])).toEqual([result, result]);
    });

    it.each(ids)("the entries of the application %j are kept and read", async (app) => {
      const schedules = upstashSchedules(upstash({ ...store.address, prefix, cluster: true })(() => undefined));
      const kept = { name: app, version: "1", text: "{}", next: 5 };
      const { name, ...entry } = kept;

      const { applied } = await schedules.change({ app, changes: [{ name, entry }], plan: "p" });
      const due = await schedules.due({ app, within: 0, limit: 1 });
      const named = await schedules.entries({ app, names: [name] });
      const all = await schedules.entries({ app });

      expect(applied).toEqual([true]);
      expect(due).toMatchObject({ plan: "p", entries: [kept] });
      expect([named.entries, all.entries]).toEqual([[kept], [kept]]);
    });
  });

  it.each(["", "shop:"])(
    "keys in several slots are refused, and the option named that leaves them out: %j",
    async (prefix) => {
      const backend = withAttempts(upstash({ ...store.address, prefix })(() => undefined));

      const claim = backend.claim({ id: "a", retries: 0, generation: 0, token: "t", lease: 60, retention: 3600 });

      await expect(claim).rejects.toThrow("upstash({ cluster: true })");
    },
  );

  it("everything is kept for operators where the prefix is a tag: all keys are in one slot then", async () => {
    const backend = withAttempts(upstash({ ...store.address, prefix: "{tag}:" })(() => undefined));
    const monitor = upstashMonitor(backend);
    const { notes, letter } = told();

    await backend.claim({ id: "a", retries: 0, generation: 0, token: "t", lease: 60, retention: 3600, notes });
    await backend.emit?.([letter]);
    await backend.revoke({ ids: ["b"], terminate: true, retention: 3600 });

    expect(await monitor?.workers()).toMatchObject([{ worker: "w@shop", totals: { "shop.add": 1 } }]);
    expect((await monitor?.active({ limit: 10 }))?.items).toMatchObject([{ id: "a", about: "{}" }]);
    expect(await monitor?.records(["a", "b"])).toMatchObject([{ id: "a" }, { id: "b", mark: "terminated" }]);
    expect(await monitor?.counts()).toEqual({ workers: 1, active: 1, revoked: 1, events: 4 });
  });
});

/** What a claim tells. */
function told() {
  const letter = { channel: "/0.celeryev/task.sent", text: "{}" };
  const sighting = { worker: "w@shop", text: "{}", life: 60, online: letter };
  const about = { queue: "default", task: "shop.add", about: "{}", directives: "" };
  return { letter, sighting, notes: { worker: "w@shop", ...about, received: [letter], started: [letter], sighting } };
}
