/** Inspect, control and replay before the embedded gateway, over HTTP: section 9 of the acceptance examples. */

import type { ServedGateway } from "@umbel/gateway";
import { Reject, Umbel } from "umbel";
import { control } from "umbel/control";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { worker } from "umbel/worker";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openGateway } from "../gateway.ts";
import type { Served } from "../listen.ts";
import { serve } from "../serve.ts";
import { until } from "../until.ts";

let gateway: ServedGateway;
const open: Served[] = [];
const ends: (() => void)[] = [];
beforeAll(async () => {
  gateway = await openGateway();
});
afterEach(async () => {
  for (const end of ends.splice(0)) end();
  await Promise.all(open.splice(0).map(async (each) => await each.stop()));
});
afterAll(async () => await gateway.close());

let served = 0;

/** An application of its own name behind an address, with a task that runs one at a time until it is let go. */
async function shop() {
  served += 1;
  const env: Record<string, string> = { ...gateway.variables };
  const name = `shop${served}`;
  const app = new Umbel(name, {
    broker: qstash(),
    backend: upstash({ prefix: `${name}:` }),
    env,
    log: () => undefined,
    taskDefaultQueue: name,
  });
  const endpoint = worker(app);
  const home = await serve(async (request) => await endpoint.fetch(request));
  open.push(home);
  env["UMBEL_WORKER_URL"] = home.url;
  const slow = app.task({ name: "shop.slow", rateLimit: { parallelism: 1 } }, async () => {
    await new Promise<void>((resolve) => ends.push(resolve));
    return "done";
  });
  const add = app.task("shop.add", (x: number, y: number) => x + y);
  return { app, slow, add, operator: control(app), node: `worker@${name}` };
}

describe("before the gateway", () => {
  it("inspect shows what runs, what waits, what is not due, what was revoked, and what is known of each", async () => {
    const { slow, add, operator, node } = await shop();
    const running = await slow.delay();
    await until(() => ends.length === 1);
    const waiting = await Promise.all([slow.delay(), slow.delay()]);
    const later = await add.applyAsync([3, 4], { countdown: 60, priority: 3 });
    const revoked = await add.applyAsync([5, 6], { countdown: 3600 });
    await operator.revoke(revoked.id);

    const inspect = operator.inspect();
    const reserved = (await inspect.reserved())[node] ?? [];

    expect(await inspect.active()).toMatchObject({ [node]: [{ id: running.id, hostname: node }] });
    expect(new Set(reserved.map(({ id }) => id))).toEqual(new Set(waiting.map(({ id }) => id)));
    await until(async () => (await inspect.scheduled())[node]?.length === 1);
    expect(await inspect.scheduled()).toMatchObject({
      [node]: [{ request: { id: later.id, name: "shop.add", args: "(3, 4)" } }],
    });
    expect(await inspect.revoked()).toEqual({ [node]: [revoked.id] });
    expect(await inspect.stats()).toMatchObject({
      [node]: { broker: { transport: "qstash" }, total: { "shop.slow": 1 } },
    });
    expect(await inspect.queryTask([running.id, later.id, "nobody"])).toMatchObject({
      [node]: {
        [running.id]: ["active", { name: "shop.slow" }],
        [later.id]: ["reserved", { args: "(3, 4)" }],
      },
    });
    expect(await operator.status()).toMatchObject({ nodes: [{ node }], active: 1, revoked: 1 });
  });

  it("purge removes what waits, and nothing the second time", async () => {
    const { app, add, operator } = await shop();
    for (let nth = 0; nth < 3; nth += 1) await add.applyAsync([nth, 1], { countdown: 60 });

    expect(await operator.purgeCount()).toBe(3);
    expect(await operator.purge()).toBe(3);
    expect(await operator.purge()).toBe(0);
    expect(await operator.queues()).toEqual([app.conf.taskDefaultQueue]);
  });

  it("a pause keeps a queue's messages, and a resumption lets them go", async () => {
    const { app, add, operator, node } = await shop();
    await (await add.delay(0, 0)).get({ timeout: 60 });
    const queue = app.conf.taskDefaultQueue;

    expect(await operator.cancelConsumer(queue)).toEqual([{ [node]: { ok: `no longer consuming from ${queue}` } }]);
    expect(await operator.inspect().activeQueues()).toEqual({ [node]: [] });
    const result = await add.delay(1, 2);
    await until(async () => (await operator.inspect().scheduled())[node]?.length === 1);
    expect(await result.ready()).toBe(false);

    expect(await operator.addConsumer(queue)).toEqual([{ [node]: { ok: `add consumer ${queue}` } }]);
    expect(await operator.status()).toMatchObject({ paused: [] });
  });

  it("a rate limit holds for messages that the gateway has already", async () => {
    const { app, operator } = await shop();
    let runs = 0;
    const ping = app.task({ name: "shop.ping", rateLimit: "1/h" }, () => (runs += 1));
    for (let nth = 0; nth < 4; nth += 1) await ping.delay();
    await until(() => runs === 1);

    await operator.rateLimit("shop.ping", 0);
    await until(() => runs === 4);

    expect(runs).toBe(4);
  });

  it("a task that failed for good runs when it is replayed, and succeeds; a replay at the same time runs nothing more", async () => {
    const { app, operator } = await shop();
    const runs: number[] = [];
    let isMended = false;
    const pay = app.task("shop.pay", (amount: number) => {
      runs.push(amount);
      if (!isMended) throw new Reject("no bank today");
      return amount;
    });
    const result = await pay.delay(3);
    await until(async () => (await operator.deadLetters()).items.length === 1);
    await expect(result.get()).rejects.toMatchObject({ excType: "Reject" });
    isMended = true;

    expect(await operator.replay({ task: "shop.*" }, { dryRun: true })).toMatchObject({ count: 1 });
    const done = await Promise.allSettled([operator.replay(result.id), control(app).replay(result.id)]);

    expect(done.some(({ status }) => status === "fulfilled")).toBe(true);
    await until(async () => (await result.state()) === "SUCCESS");
    expect(await result.get()).toBe(3);
    expect(runs).toEqual([3, 3]);
    expect(await operator.deadLetters()).toEqual({ items: [], unread: 0 });
  });
});
