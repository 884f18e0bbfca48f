import { describeScheduleStore } from "@umbel/conformance";
import { upstash, type UpstashOptions, upstashSchedules } from "@umbel/upstash-redis";
import { afterAll, beforeAll, describe } from "vitest";
import { passRealTime } from "../real-time.ts";
import { engines, serveStore, type ServedStore } from "../store.ts";

describe.each(engines)("before the %s", { concurrent: true }, (engine) => {
  let store: ServedStore;
  beforeAll(async () => void (store = await serveStore(engine)));
  afterAll(() => store.stop());

  describeScheduleStore("upstash-redis", () => start());
  describeScheduleStore("upstash-redis with a prefix", () => start({ prefix: "{shop}:", mergeCalls: false }));

  function start(options: UpstashOptions = {}) {
    const backend = upstash({ ...store.address, ...options })(() => undefined);
    return { store: upstashSchedules(backend), moment: 0.1, pass: passRealTime };
  }
});
