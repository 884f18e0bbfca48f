import { describeMonitorStore, type MonitorStoreHarness } from "@umbel/conformance";
import { memoryBackend, type MemoryBackendOptions, monitorInMemory } from "@umbel/memory";
import { describe, expect, it } from "vitest";

describeMonitorStore("memory", () => start());
describeMonitorStore("memory with a limit", () => start({ maxRequestSize: 100_000_000 }));

describe("the monitor's store beside a memory backend", () => {
  it("is the same for everyone", () => {
    const backend = memoryBackend();

    expect(monitorInMemory({ ...backend })).toBe(monitorInMemory(backend));
    expect(monitorInMemory(backend)).toMatchObject({ name: "memory" });
  });

  it("is nothing beside another adapter's", () => {
    expect(monitorInMemory({ ...memoryBackend(), name: "upstash-redis" })).toBeUndefined();
  });

  it("keeps as many events as it is told to, counts all, and shows all to who watches", async () => {
    const { backend, store } = start({ eventsKept: 2 });
    const stop = new AbortController();
    const watched = itemsOf(store.live(stop.signal));

    await backend.emit?.(["a", "b", "c"].map((text) => ({ channel: "", text })));
    stop.abort();

    expect(await store.past({ limit: 10 })).toMatchObject({ events: [{ text: "b" }, { text: "c" }], more: false });
    expect(await store.counts()).toMatchObject({ events: 3 });
    expect(await watched).toEqual([undefined, "a", "b", "c"]);
  });

  it("forgets who watched no longer", async () => {
    const { backend, store } = start();
    for await (const gap of store.live(AbortSignal.timeout(60_000))) {
      expect(gap).toBeUndefined();
      break;
    }

    await expect(backend.emit?.([{ channel: "", text: "a" }])).resolves.toBeUndefined();
  });

  it("refuses events that are larger than its limit", async () => {
    const { backend, store } = start({ maxRequestSize: 1000 });

    const emitting = backend.emit?.([{ channel: "", text: "é".repeat(500) }]);

    await expect(emitting).rejects.toThrow("memory: emit has 1026 bytes, the limit is 1000");
    expect(await store.counts()).toMatchObject({ events: 0 });
  });
});

async function itemsOf<Item>(given: AsyncIterable<Item>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const item of given) items.push(item);
  return items;
}

function start(options: MemoryBackendOptions = {}): MonitorStoreHarness {
  let now = Date.UTC(2026, 0, 1);
  const backend = memoryBackend({ now: () => now, ...options });
  return {
    backend,
    store: backend.monitor,
    isHeard: true,
    moment: 1,
    pass: async (seconds) => void (now += seconds * 1000),
  };
}
