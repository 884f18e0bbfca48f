/** The place for a beat's entries, in a kit: on its clock, and struck as the other ports are. */

import { Umbel } from "@umbel/core";
import { schedulesInMemory } from "@umbel/memory";
import { BackendUnavailable, type ScheduleStore } from "@umbel/protocol";
import { type AimedFault, testKit, type TestKitOptions } from "@umbel/testing";
import { describe, expect, it } from "vitest";

const start = Date.UTC(2026, 0, 1);
const due = { app: "tasks", within: 0, limit: 10 };

describe("the entries of a beat in a kit", () => {
  it("are kept on its clock", async () => {
    const { kit, store } = open();
    await using _ = kit;
    await store.change(adding("a", start + 60_000));

    const before = await store.due(due);
    await kit.advance(60);
    const after = await store.due(due);

    expect(before).toMatchObject({ now: start, entries: [] });
    expect(after).toMatchObject({ now: start + 60_000, entries: [{ name: "a" }] });
    expect(kit.calls).toEqual(["change", "due", "due"]);
    expect(await kit.backend.schedules.due(due)).toEqual(after);
  });

  it("are away while the store is", async () => {
    const { kit, store } = open();
    await using _ = kit;
    kit.outage(60);

    await expect(store.due(due)).rejects.toThrow(BackendUnavailable);
    await kit.advance(60);
    await expect(store.due(due)).resolves.toMatchObject({ entries: [] });
  });

  it("can be struck by hand, before and after a call", async () => {
    const { kit, store } = open();
    await using _ = kit;
    kit.before("change", () => {
      throw new Error("lost on the way");
    });
    kit.after("due", () => {
      throw new Error("lost on the way back");
    });

    await expect(store.change(adding("a"))).rejects.toThrow("lost on the way");
    await expect(store.due(due)).rejects.toThrow("lost on the way back");
    expect(await kit.backend.schedules.entries({ app: "tasks" })).toMatchObject({ entries: [] });
  });
});

describe("a process of its own in a kit", () => {
  it.each([
    ["crashBefore", []],
    ["crashAfter", ["a"]],
  ] as const)("dies by %s at a change", async (fault, kept) => {
    const { kit, store } = open({ faults: [{ fault, call: "change", nth: 0 }] });
    await using _ = kit;
    let hasGoneOn = false;

    const tick = kit.run("beat", async () => {
      await store.change(adding("a"));
      hasGoneOn = true;
    });

    await expect(tick).rejects.toThrow("Connection lost: the process was killed");
    const { entries } = await kit.backend.schedules.entries({ app: "tasks" });
    expect(entries.map(({ name }) => name)).toEqual(kept);
    expect(hasGoneOn).toBe(false);
    expect(kit.fired).toMatchObject([{ fault, call: "change", task: "beat", taskId: "" }]);
  });

  it.each<{ readonly fault: AimedFault["fault"] & ("loseAnswer" | "outage"); readonly kept: number }>([
    { fault: "loseAnswer", kept: 1 },
    { fault: "outage", kept: 0 },
  ])("hears of $fault", async ({ fault, kept }) => {
    const { kit, store } = open({ faults: [{ fault, call: "change", nth: 0 }] });
    await using _ = kit;

    await expect(kit.run("beat", async () => await store.change(adding("a")))).rejects.toThrow(BackendUnavailable);

    const { entries } = await kit.backend.schedules.entries({ app: "tasks" });
    expect(entries).toHaveLength(kept);
  });

  it("hears nothing of a change that its client makes twice", async () => {
    const { kit, store } = open({ faults: [{ fault: "resend", call: "change", nth: 0 }] });
    await using _ = kit;

    const { applied } = await kit.run("beat", async () => await store.change(adding("a")));

    expect(applied).toEqual([true]);
    expect(kit.fired).toHaveLength(1);
  });

  it("takes turns with others, in an order that is drawn", async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 8; seed += 1) {
      const { kit, store } = open({ seed, concurrency: 2 });
      await using _ = kit;
      const done: string[] = [];
      const tick = async (name: string) => {
        await store.due(due);
        await store.change(adding(name));
        done.push(name);
      };

      await Promise.all(["a", "b", "c"].map(async (name) => await kit.run(name, async () => await tick(name))));

      orders.add(done.join(""));
    }
    expect(orders.size).toBeGreaterThan(2);
  });
});

function open(options: TestKitOptions = {}) {
  const app = new Umbel("tasks", { log: () => undefined });
  const kit = testKit(app, { seed: 1, start, ...options });
  const store = schedulesInMemory(app.backend);
  if (store === undefined) throw new Error("The kit's backend is in memory");
  return { kit, store };
}

function adding(name: string, next?: number): Parameters<ScheduleStore["change"]>[0] {
  const entry = { version: `${name}1`, text: "{}", ...(next === undefined ? {} : { next }) };
  return { app: "tasks", changes: [{ name, entry }] };
}
