import { describeBackend } from "@umbel/conformance";
import { upstash, withAttempts } from "@umbel/upstash-redis";
import { afterAll, beforeAll, describe } from "vitest";
import { passRealTime } from "../real-time.ts";
import { engines, serveStore, type ServedStore } from "../store.ts";

describe.each(engines)("before the %s", { concurrent: true }, (engine) => {
  let store: ServedStore;
  beforeAll(async () => void (store = await serveStore(engine)));
  afterAll(() => store.stop());

  describeBackend("upstash-redis", () => ({
    backend: withAttempts(upstash(store.address)(() => undefined)),
    moment: 0.1,
    pass: passRealTime,
  }));

  describeBackend("upstash-redis without subscriptions", () => ({
    backend: withAttempts(upstash({ ...store.address, subscribe: false, prefix: "shop:" })(() => undefined)),
    moment: 0.1,
    pass: passRealTime,
  }));
});
