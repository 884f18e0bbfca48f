import { describeScheduleStore } from "@umbel/conformance";
import { upstash, type UpstashOptions, upstashSchedules } from "@umbel/upstash-redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { passRealTime } from "../real-time.ts";
import { engines, serveStore, type ServedStore } from "../store.ts";

describe.each(engines)("before the %s", { concurrent: true }, (engine) => {
  let store: ServedStore;
  beforeAll(async () => void (store = await serveStore(engine)));
  afterAll(() => store.stop());

  describeScheduleStore("upstash-redis", () => start());
  describeScheduleStore("upstash-redis with a prefix", () => start({ prefix: "{shop}:", mergeCalls: false }));

  it("answers with no more than a few long entries at once", async () => {
    const { store: schedules } = start();
    const app = crypto.randomUUID();
    for (const name of ["a", "b", "c"])
      await schedules.change({
        app,
        changes: [{ name, entry: { version: "1", text: "漢".repeat(200_000), next: 1 } }],
      });

    const due = await schedules.due({ app, within: 0, limit: 3 });
    const listed = await schedules.entries({ app });

    expect(due).toMatchObject({ entries: [{ name: "a" }, { name: "b" }], more: true });
    expect(listed).toMatchObject({ entries: [{ name: "a" }, { name: "b" }], more: true });
    expect((await schedules.entries({ app, after: "b" })).more).toBe(false);
  });

  function start(options: UpstashOptions = {}) {
    const backend = upstash({ ...store.address, ...options })(() => undefined);
    return { store: upstashSchedules(backend), moment: 0.1, pass: passRealTime };
  }
});
