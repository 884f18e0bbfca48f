import { storeClock, upstash } from "@umbel/upstash-redis";
import { expect, it } from "vitest";
import { startRecorder } from "./recorder.ts";

it("tells the store's time in milliseconds, by one request", async () => {
  const { url, requests } = await startRecorder({ reply: () => ["1800000000", "250000"] });

  expect(await storeClock(upstash({ url, token: "token" })(() => undefined))).toBe(1_800_000_000_250);
  expect(requests).toEqual([[["time"]]]);
});

it("tells none where the store answers something else, and of no other adapter's", async () => {
  const { url } = await startRecorder();
  const backend = upstash({ url, token: "token" })(() => undefined);

  expect(await storeClock(backend)).toBeUndefined();
  expect(await storeClock({ ...backend, name: "other" })).toBeUndefined();
});
