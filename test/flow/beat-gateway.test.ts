/** Beat ticked by a schedule of the gateway: over HTTP, known by its signature, without a token. */

import { createPushGateway, developmentSigningKeys, developmentToken, type ServedGateway } from "@umbel/gateway";
import { Umbel } from "umbel";
import { beat } from "umbel/beat";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { worker } from "umbel/worker";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { openGateway } from "../gateway.ts";
import { serve } from "../serve.ts";
import { until } from "../until.ts";

let store: ServedGateway;
const open: (() => Promise<void>)[] = [];
beforeAll(async () => {
  store = await openGateway();
});
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});
afterAll(async () => await store.close());

/** The push half of a gateway, whose clock stands still: no minute ends by itself. `fillMinute` puts it to the next full one. */
async function servePushes() {
  let time = Date.now();
  const push = createPushGateway({
    database: ":memory:",
    token: developmentToken,
    currentSigningKey: developmentSigningKeys.current,
    nextSigningKey: developmentSigningKeys.next,
    now: () => time,
  });
  const served = await serve(push.app.fetch);
  push.start();
  open.push(served.stop, async () => await push.close());
  return {
    url: served.url,
    async call(method: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<object> {
      const authorization = `Bearer ${developmentToken}`;
      const response = await fetch(`${served.url}/v2/schedules/${path}`, {
        method,
        headers: { ...headers, authorization },
      });
      return Object(await response.json());
    },
    fillMinute() {
      time += 60_000 - (time % 60_000);
      push.wake();
    },
  };
}

/** An application with its worker and its beat behind addresses; `ticks` is what callers of the tick were and were told. */
async function serveApplication(gateway: string) {
  const env: Record<string, string> = { ...store.variables, QSTASH_URL: gateway };
  const app = new Umbel("tasks", { broker: qstash(), backend: upstash(), env, log: () => undefined });
  const ran: string[] = [];
  const heartbeat = app.task({ name: "tasks.heartbeat", bind: true }, (task) => void ran.push(task.request.id));
  const schedule = beat(app, { heartbeat: { task: heartbeat.s(), schedule: 1 } }, { tickedBy: "broker", horizon: 5 });
  const ticks: { readonly token: string | null; readonly status: number; readonly answer: unknown }[] = [];
  const beatHome = await serve(async (request) => {
    const response = await schedule.fetch(request);
    const answer: unknown = await response.clone().json();
    ticks.push({ token: request.headers.get("authorization"), status: response.status, answer });
    return response;
  });
  const workerHome = await serve(worker(app).fetch);
  env["UMBEL_WORKER_URL"] = workerHome.url;
  open.push(beatHome.stop, workerHome.stop);
  return { tick: `${beatHome.url}/tick`, ran, ticks };
}

it("a schedule of the gateway ticks beat by its signature alone, and the worker runs what beat sends", async () => {
  const gateway = await servePushes();
  const { tick, ran, ticks } = await serveApplication(gateway.url);

  await gateway.call("POST", tick, { "Upstash-Cron": "* * * * *", "Upstash-Schedule-Id": "beat" });
  gateway.fillMinute();
  await until(async () => ran.length > 0 && JSON.stringify(await gateway.call("GET", "beat")).includes('"SUCCESS"'));

  expect(ticks).toMatchObject([{ token: null, status: 200, answer: { failed: [] } }]);
  expect(JSON.stringify(ticks[0]?.answer)).toContain(ran[0]);
  expect((await fetch(tick, { method: "POST" })).status).toBe(401);
});
