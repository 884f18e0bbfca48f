import { describeMonitorStore, type MonitorStoreHarness } from "@umbel/conformance";
import { upstash, upstashMonitor, type UpstashOptions, withAttempts } from "@umbel/upstash-redis";
import { afterAll, beforeAll, describe } from "vitest";
import { passRealTime } from "../real-time.ts";
import { type ClockedStore, engines, serveClockedStore, serveStore, type ServedStore } from "../store.ts";

const start = Date.UTC(2026, 0, 1);
/** Where time is real: one of them will do, for the clock of the embedded engine is moved besides. */
const realEngines = process.env["UMBEL_TEST_LEVEL"] === "full" ? engines : engines.slice(-1);

describe("before the embedded engine, whose clock is moved", () => {
  let store: ClockedStore;
  let now = start;
  beforeAll(async () => void (store = await serveClockedStore(start)));
  afterAll(() => store.stop());

  /** The rest of the world gets a moment to come round. */
  async function pass(seconds: number): Promise<void> {
    now += seconds * 1000;
    await store.setClock(now);
    await passRealTime(0.01);
  }

  describeMonitorStore("upstash-redis without subscriptions", () => ({
    ...open(store, "umbel", { subscribe: false }),
    moment: 1,
    pass,
  }));
});

describe.each(realEngines)("before the %s", (engine) => {
  let store: ServedStore;
  beforeAll(async () => void (store = await serveStore(engine)));
  afterAll(() => store.stop());

  describeMonitorStore("upstash-redis with an odd prefix", () => ({
    ...open(store, "{sh,op}*?"),
    moment: 0.05,
    pass: passRealTime,
  }));
});

/** An empty store of its own: a prefix that nobody else has. */
function open(
  { address }: ServedStore,
  prefix: string,
  options: UpstashOptions = {},
): Pick<MonitorStoreHarness, "backend" | "store" | "isHeard" | "publish"> {
  const own = `${prefix}${crypto.randomUUID()}:`;
  const backend = upstash({ ...address, ...options, prefix: own })(() => undefined);
  return {
    backend: withAttempts(backend),
    store: upstashMonitor(backend),
    isHeard: options.subscribe !== false,
    async publish({ channel, text }) {
      await backend.store.send([
        { size: text.length, putInto: (pipeline) => void pipeline.publish(`${own}${channel}`, text) },
      ]);
    },
  };
}
