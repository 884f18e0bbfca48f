/** Delivery, point 11: the workers are away for six hours, on the gateway's clock. */

import { createPushGateway, developmentSigningKeys, developmentToken } from "@umbel/gateway";
import { memoryBackend } from "@umbel/memory";
import { chord, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { worker } from "umbel/worker";
import { expect, it, onTestFinished } from "vitest";
import type { Served } from "../listen.ts";
import { serve } from "../serve.ts";
import { deadLettersOf } from "./dead-letters.ts";
import { eventually } from "./stage.ts";

const sixHours = 6 * 3600;

it("workers that are away for six hours make nothing fail", async () => {
  let time = Date.now();
  const start = time;
  const now = () => time;
  const waits: number[] = [];
  const gateway = createPushGateway({
    database: ":memory:",
    token: developmentToken,
    currentSigningKey: developmentSigningKeys.current,
    nextSigningKey: developmentSigningKeys.next,
    now,
    log: (line) => waits.push(Number(/ in (\d+) s$/.exec(line)?.[1])),
  });
  gateway.start();
  onTestFinished(async () => await gateway.close());
  let isAway = true;
  const endpoint = await standing(serve((request) => (isAway ? new Response(null, { status: 502 }) : answer(request))));
  const api = await standing(serve(gateway.app.fetch));
  const app = new Umbel("away", {
    broker: qstash({
      url: api.url,
      token: developmentToken,
      currentSigningKey: developmentSigningKeys.current,
      nextSigningKey: developmentSigningKeys.next,
      workerUrl: endpoint.url,
    }),
    env: { NODE_ENV: "production" }, // Development repeats sooner.
    backend: memoryBackend({ now }),
    platform: { now },
    log: () => {},
  });
  const answer = worker(app).fetch;
  const double = app.task("away.double", (x: number) => x * 2);
  const total = app.task("away.total", (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0));
  const result = await chord([double.s(1), double.s(2)], total.s()).delay();

  for (let tries = 1; time < start + sixHours * 1000; tries += 1) {
    await eventually(() => waits.length === 2 * tries, `both have been tried ${tries} times`);
    time += Math.max(...waits.slice(-2)) * 1000;
    isAway = time < start + sixHours * 1000;
    gateway.wake();
  }

  expect(await result.get({ timeout: 60 })).toBe(6);
  expect(waits.slice(0, 6)).toEqual([5, 5, 10, 10, 20, 20]);
  expect(await deadLettersOf(api.url).list()).toEqual([]);
});

async function standing(starting: Promise<Served>): Promise<Served> {
  const served = await starting;
  onTestFinished(() => served.stop());
  return served;
}
