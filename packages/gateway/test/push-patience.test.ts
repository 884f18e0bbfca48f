import { request } from "node:http";

import { expect, it, onTestFinished } from "vitest";

import { startDestination, until } from "./push-harness.ts";
import { type Runtime, runtimes, startProcess } from "./gateway-process.ts";

/** Seconds: longer than the idle time-outs that runtimes have by themselves (Bun's is 10). */
const patience = process.env["UMBEL_TEST_LEVEL"] === "full" ? 20 : 12;

it("on every runtime a push may take long, and a silent stream stays open", async () => {
  const ends = await Promise.all(runtimes.map(waitLong));

  expect(ends).toEqual(runtimes.map(() => ({ status: 200, body: btoa("at last"), deliveries: 1 })));
});

/** How a slow push ended; a stream on which nothing is said meanwhile has then still told what came after. */
async function waitLong(runtime: Runtime): Promise<{ status: number; body: string; deliveries: number }> {
  const { client, restUrl } = await startProcess(runtime, ":memory:");
  const told = await startDestination();
  const destination = await startDestination((_arrival, response) => {
    setTimeout(() => response.end("at last"), patience * 1000); // A slow answer is what is tried here.
  });
  const heard = listen(`${restUrl}/subscribe/channel`);
  await until(() => heard.text().includes("subscribe,channel,1"));

  await client.publish({ url: destination.url, retries: 0, callback: told.url });
  await until(() => told.arrivals.length === 1, "the callback tells about the push", patience + 10);
  await fetch(`${restUrl}/publish/channel/%22hello%22`, { headers: { Authorization: "Bearer umbel-dev" } });
  await until(() => heard.text().includes('message,channel,"hello"'));

  const { status, body }: { status: number; body: string } = JSON.parse(told.bodies()[0] ?? "");
  return { status, body, deliveries: destination.arrivals.length };
}

/** Listens to a stream of events. Not by fetch, whose own time-outs are not the ones that are tried here. */
function listen(url: string): { text: () => string } {
  let text = "";
  const asked = request(url, {
    method: "POST",
    headers: { Authorization: "Bearer umbel-dev", Accept: "text/event-stream" },
  });
  asked.on("response", (response) => response.on("data", (chunk: Buffer) => (text += chunk.toString())));
  asked.on("error", () => (text += "broken"));
  asked.end();
  onTestFinished(() => void asked.destroy());
  return { text: () => text };
}
