import { describeScheduleStore, type ScheduleStoreHarness } from "@umbel/conformance";
import { memoryBackend, memorySchedules, type MemorySchedulesOptions, schedulesInMemory } from "@umbel/memory";
import { MessageTooLargeError } from "@umbel/protocol";
import { describe, expect, it } from "vitest";

describeScheduleStore("memory", () => start());
describeScheduleStore("memory with a limit", () => start({ maxRequestSize: 200_000 }));

describe("a memory schedule store", () => {
  it("judges to the millisecond what is due", async () => {
    const { store } = start();
    const { now } = await store.entries({ app: "shop", names: [] });
    const entry = { version: "1", text: "", next: now + 1001 };
    await store.change({ app: "shop", changes: [{ name: "a", entry }] });

    const dueWithin = async (within: number) => (await store.due({ app: "shop", within, limit: 1 })).entries;

    expect(await dueWithin(1)).toEqual([]);
    expect(await dueWithin(1.001)).toHaveLength(1);
  });

  it("refuses a change that is larger than its limit, and has stored nothing of it", async () => {
    const { store } = start({ maxRequestSize: 1000 });
    const entry = { version: "1", text: "é".repeat(500) };

    const change = store.change({ app: "shop", changes: [{ name: "a", entry }], plan: "p" });

    await expect(change).rejects.toThrow(MessageTooLargeError);
    await expect(change).rejects.toThrow("memory: change has 1084 bytes, the limit is 1000");
    expect(await store.due({ app: "shop", within: 0, limit: 1 })).not.toHaveProperty("plan");
    expect(await store.entries({ app: "shop" })).toMatchObject({ entries: [] });
  });
});

describe("the schedule store beside a memory backend", () => {
  it("is the same for everyone, on the backend's clock and with its limit", async () => {
    const backend = memoryBackend({ now: () => 5, maxRequestSize: 10 });
    const copy = { ...backend };

    expect(schedulesInMemory(copy)).toBe(schedulesInMemory(backend));
    expect(schedulesInMemory(backend)).toMatchObject({ name: "memory", maxRequestSize: 10 });
    expect(await schedulesInMemory(backend)?.due({ app: "shop", within: 0, limit: 1 })).toMatchObject({ now: 5 });
  });

  it("is nothing beside another adapter's", () => {
    expect(schedulesInMemory({ ...memoryBackend(), name: "upstash-redis" })).toBeUndefined();
  });
});

function start(options: MemorySchedulesOptions = {}): ScheduleStoreHarness {
  let now = Date.UTC(2026, 0, 1);
  return {
    store: memorySchedules({ now: () => now, ...options }),
    moment: 1,
    pass: async (seconds) => void (now += seconds * 1000),
  };
}
