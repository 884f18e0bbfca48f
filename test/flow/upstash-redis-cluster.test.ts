/** One slot for each atomic step (delivery.md 18): a node of a cluster refuses a script whose keys are in two. */
import { upstash, upstashSchedules, withAttempts } from "@umbel/upstash-redis";
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
      const part = { id, index: 0, state: "SUCCESS", result: 5 } as const;

      const claim = await backend.claim({ id, retries: 0, generation: 0, token: "t", ...life, started: result });
      const fence = { retries: 0, generation: 0, epoch: 0 };
      const progressed = await backend.progress({ id, fence, result });
      await backend.settle([{ id: `${id}2`, state: "SUCCESS", result, retention: 3600 }]);
      const finish = await backend.finish({ id, fence, state: "SUCCESS", result, effects: [], retention: 3600 });
      const chord = await backend.join({ group: id, size: 1, part, retention: 3600 });

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
});
