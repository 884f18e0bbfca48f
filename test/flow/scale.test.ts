/** Large canvases over HTTP: gateway, store and worker as they are, each request counted. */

import { qstash } from "@umbel/qstash";
import { upstash } from "@umbel/upstash-redis";
import { chain, chord, Umbel } from "umbel";
import { worker } from "umbel/worker";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { openGateway } from "../gateway.ts";
import { serve } from "../serve.ts";

const members = process.env["UMBEL_TEST_LEVEL"] === "full" ? 10_000 : 1000;

/** Two minutes for what takes seconds on an idle machine; ten times as much for ten times as many. */
const patience = { timeout: 120 * (members / 1000) };

describe("over HTTP", () => {
  let deployment: Awaited<ReturnType<typeof deploy>>;
  beforeAll(async () => void (deployment = await deploy()));
  afterAll(async () => void (await deployment.stop()));

  it(
    `a chord of ${members} runs to its body, its header published in calls of a hundred messages`,
    async () => {
      const { app } = deployment;
      const published = countPublished();
      const header = Array.from({ length: members }, () => app.signature("tasks.step"));

      const result = await chord(header, app.signature("tasks.step")).delay();

      expect(await result.get(patience)).toBe(members);
      // One starts it, one is the body.
      expect(published.toSorted((one, other) => other - one)).toEqual([...Array(members / 100).fill(100), 1, 1]);
    },
    patience.timeout * 1000,
  );

  it("a chain of 150 is at its end after as many short messages", async () => {
    const { app } = deployment;
    const steps = Array.from({ length: 150 }, () => app.signature("tasks.step"));

    const result = await chain(...steps).delay();

    expect(await result.get({ timeout: 60 })).toBe(1);
  });

  it("an argument that no message has room for comes back whole", async () => {
    const { app } = deployment;

    const result = await app.signature<number>("tasks.length", { args: ["漢".repeat(700_000)] }).delay();

    expect(await result.get({ timeout: 60 })).toBe(700_000);
  });
});

/** An application with a gateway and a worker, on free ports. */
async function deploy() {
  const gateway = await openGateway();
  const served = await serve(async (request) => await endpoint.fetch(request));
  const env = { ...gateway.variables, UMBEL_WORKER_URL: served.url };
  const app = new Umbel("scale", { broker: qstash(), backend: upstash(), env, log: () => undefined });
  app.task("tasks.step", (...given: readonly unknown[]) => given.flat().length);
  app.task("tasks.length", (text: string) => text.length);
  const endpoint = worker(app, { publicUrl: served.url });
  return { app, stop: async () => await Promise.all([gateway.close(), served.stop()]) };
}

/** The number of messages in each call of the broker's from now on. */
function countPublished(): number[] {
  const counts: number[] = [];
  const real = globalThis.fetch;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (...args) => {
    const request = new Request(...args);
    if (new URL(request.url).pathname === "/v2/batch") {
      const messages: unknown = await request.clone().json();
      counts.push(Array.isArray(messages) ? messages.length : 0);
    }
    return await real(request);
  });
  onTestFinished(() => spy.mockRestore());
  return counts;
}
