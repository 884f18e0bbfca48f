/** Flow-control keys as the official client sees them, and what becomes of their limits when things go wrong. */

import { mkdtempSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { kill, runtimes, startProcess } from "./gateway-process.ts";
import { type Harness, settled, startDestination, startGateway, statuses, until } from "./push-harness.ts";

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), "umbel-gateway-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A destination that never answers; `open` has those who wait. */
async function startSilent() {
  const open: ServerResponse[] = [];
  const destination = await startDestination((_arrival, response) => void open.push(response));
  return { ...destination, open };
}

type Limits = { readonly parallelism: number } | { readonly rate: number; readonly period?: number };

/** Publishes messages to a destination, all with the key `account`. */
async function publishAll(
  { client }: Pick<Harness, "client">,
  { url, bodies }: { readonly url: string; readonly bodies: readonly string[] },
  limits: Limits,
): Promise<void> {
  const flowControl = { key: "account", ...limits };
  await client.batch(bodies.map((body) => ({ url, body, flowControl, retries: 3, retryDelay: "1000" })));
}

describe("a flow-control key", () => {
  it("shows what it allows, what is under way and what waits", async () => {
    const silent = await startSilent();
    const harness = await startGateway();
    const flowControl = { key: "account/7", parallelism: 2, rate: 10, period: "1m" as const };
    await harness.client.batch(["1", "2", "3"].map((body) => ({ url: silent.url, body, flowControl })));
    await harness.client.publish({ url: silent.url, flowControl, delay: 60 });
    await until(() => silent.arrivals.length === 2);

    const shown = {
      flowControlKey: "account/7",
      waitListSize: 1,
      parallelismMax: 2,
      parallelismCount: 2,
      rateMax: 10,
      rateCount: 2,
      ratePeriod: 60,
      ratePeriodStart: harness.now() / 1000,
      isPaused: false,
      isPinnedParallelism: false,
      isPinnedRate: false,
    };
    expect(await harness.client.flowControl.get("account/7")).toEqual(shown);
    expect(await (await harness.call("GET", "/v2/flowControl?search=count/")).json()).toEqual([shown]);
    expect(await (await harness.call("GET", "/v2/flowControl?search=other")).json()).toEqual([]);
    expect(await harness.client.flowControl.getGlobalParallelism()).toEqual({
      parallelismMax: 512,
      parallelismCount: 2,
    });
  });

  it("that has nothing to do with any message is not there", async () => {
    const { client } = await startGateway();

    await expect(client.flowControl.get("nobody's")).rejects.toMatchObject({ status: 404 });
  });

  it("begins its messages in the order in which they came", async () => {
    const destination = await startDestination();
    const { client } = await startGateway();
    const bodies = Array.from({ length: 30 }, (_, n) => String(n));

    await publishAll({ client }, { url: destination.url, bodies }, { parallelism: 1 });

    await until(() => destination.arrivals.length === 30);
    expect(destination.bodies()).toEqual(bodies);
  });

  it("counts a delayed message from when it is due", async () => {
    const destination = await startDestination();
    const harness = await startGateway();
    const flowControl = { key: "account", rate: 1, period: 10 };
    await harness.client.publish({ url: destination.url, body: "later", flowControl, delay: 5 });
    await harness.client.publish({ url: destination.url, body: "now", flowControl });
    await until(() => destination.arrivals.length === 1);

    harness.advance(5);
    await settled(harness);
    expect(destination.bodies()).toEqual(["now"]);
    harness.advance(5);
    await until(() => destination.arrivals.length === 2);
    expect(destination.bodies()).toEqual(["now", "later"]);
  });

  it("gives the room of a delivery to the next one while it waits for its retry, as long as Retry-After says", async () => {
    const destination = await startDestination((arrival, response, count) => {
      if (count === 1) response.writeHead(503, { "Retry-After": "30" }).end();
      else response.end(arrival.body);
    });
    const harness = await startGateway();
    await publishAll(harness, { url: destination.url, bodies: ["1", "2"] }, { parallelism: 1 });
    await until(() => destination.arrivals.length === 2);

    harness.advance(29);
    await settled(harness);
    expect(destination.bodies()).toEqual(["1", "2"]);
    harness.advance(1);
    await until(() => destination.arrivals.length === 3);
    expect(destination.bodies()).toEqual(["1", "2", "1"]);
  });

  it("gets its room back when a delivery takes longer than its time-out", async () => {
    const silent = await startSilent();
    const { client } = await startGateway({ clock: "real" });
    const flowControl = { key: "account", parallelism: 1 };

    await client.batch(["1", "2"].map((body) => ({ url: silent.url, body, flowControl, retries: 0, timeout: 1 })));

    await until(() => silent.arrivals.length === 2);
    expect(silent.bodies()).toEqual(["1", "2"]);
  });

  it("is kept by what is sent again from the dead letters, and by callbacks that name one", async () => {
    const told = await startSilent();
    const destination = await startDestination(statuses(500, 500, 200));
    const harness = await startGateway();
    const flowControl = { key: "account", parallelism: 1 };
    await harness.client.publish({ url: destination.url, flowControl, retries: 0 });
    await until(async () => (await harness.client.dlq.listMessages()).messages.length === 1);
    const { messages } = await harness.client.dlq.listMessages({ filter: { flowControlKey: "account" } });
    await harness.client.flowControl.pause("account");

    const again = await harness.call("POST", `/v2/dlq/retry/${messages[0]?.dlqId}`);
    const publish = await harness.call("POST", `/v2/publish/${destination.url}`, {
      headers: {
        "Upstash-Retries": "0",
        "Upstash-Failure-Callback": told.url,
        "Upstash-Failure-Callback-Flow-Control-Key": "account",
        "Upstash-Failure-Callback-Flow-Control-Value": "rate=1",
      },
    });

    expect([again.status, publish.status]).toEqual([201, 200]);
    await until(() => destination.arrivals.length === 2);
    await settled(harness);
    expect(await harness.client.flowControl.get("account")).toMatchObject({ waitListSize: 2, rateMax: 1 });
    expect(told.arrivals).toEqual([]);
  });
});

describe("whoever runs the gateway", () => {
  it("pauses a key, before its first message too, and resumes it", async () => {
    const destination = await startDestination();
    const harness = await startGateway();
    const { flowControl } = harness.client;
    await flowControl.pause("account");
    await publishAll(harness, { url: destination.url, bodies: ["1", "2"] }, { rate: 5 });
    await settled(harness);
    expect(destination.arrivals).toEqual([]);
    expect(await flowControl.get("account")).toMatchObject({ isPaused: true, waitListSize: 2 });

    await flowControl.resume("account");

    await until(() => destination.arrivals.length === 2);
    expect(await flowControl.get("account")).toMatchObject({ isPaused: false, waitListSize: 0 });
  });

  it("pins limits, which messages do not change, and unpins them", async () => {
    const silent = await startSilent();
    const harness = await startGateway();
    const { flowControl } = harness.client;
    await publishAll(harness, { url: silent.url, bodies: ["1", "2", "3"] }, { parallelism: 1 });
    await until(() => silent.open.length === 1);

    await flowControl.pin("account", { parallelism: 2, rate: 7, period: 60 });
    await until(() => silent.open.length === 2);
    await publishAll(harness, { url: silent.url, bodies: ["4"] }, { parallelism: 9 });
    await settled(harness);
    expect(silent.arrivals).toHaveLength(2);
    expect(await flowControl.get("account")).toMatchObject({
      parallelismMax: 2,
      rateMax: 7,
      ratePeriod: 60,
      rateCount: 1,
      isPinnedParallelism: true,
      isPinnedRate: true,
    });

    await flowControl.unpin("account", { parallelism: true });
    expect(await flowControl.get("account")).toMatchObject({
      parallelismMax: 2,
      isPinnedParallelism: false,
      isPinnedRate: true,
    });
    await publishAll(harness, { url: silent.url, bodies: ["5"] }, { parallelism: 9 });
    await until(() => silent.open.length === 5);
  });

  it("begins a new window", async () => {
    const destination = await startDestination();
    const harness = await startGateway();
    await publishAll(harness, { url: destination.url, bodies: ["1", "2"] }, { rate: 1, period: 3600 });
    await until(() => destination.arrivals.length === 1);

    await harness.client.flowControl.resetRate("account");

    await until(() => destination.arrivals.length === 2);
    expect(await harness.client.flowControl.get("account")).toMatchObject({ rateCount: 1, waitListSize: 0 });
  });

  it.each([
    ["pin", "Pin at least one of parallelism=N and rate=N"],
    ["pin?period=5", "Pin at least one"],
    ["pin?parallelism=2&period=5", "period only makes sense with a rate"],
    ["pin?parallelism=0", '"parallelism=0" is no limit'],
    ["pin?rate=1.5", '"rate=1.5" is no limit'],
    ["pin?rate=1&period=0", "is not a period from 1 ms to a week"],
    ["unpin", "Unpin at least one"],
  ])("is told what is wrong with %s", async (request, error) => {
    const { call } = await startGateway();

    const response = await call("POST", `/v2/flowControl/account/${request}`);

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringContaining(error) });
  });
});

describe("limits outlive the process", () => {
  it("of a rate that is used up nothing more is begun before its window ends, pins and pauses stay", async () => {
    const database = join(directory(), "gateway.db");
    const destination = await startDestination();
    const first = await startGateway({ database });
    await publishAll(first, { url: destination.url, bodies: ["1", "2"] }, { rate: 1, period: 3600 });
    await first.client.flowControl.pin("pinned", { parallelism: 3 });
    await first.client.flowControl.pause("paused");
    await until(() => destination.arrivals.length === 1);
    await first.stop();

    const second = await startGateway({ database });
    await settled(second);

    expect(destination.bodies()).toEqual(["1"]);
    expect(await second.client.flowControl.get("pinned")).toMatchObject({
      parallelismMax: 3,
      isPinnedParallelism: true,
    });
    expect(await second.client.flowControl.get("paused")).toMatchObject({ isPaused: true });
    second.advance(3600);
    await until(() => destination.arrivals.length === 2);
  });

  it.each(process.env["UMBEL_TEST_LEVEL"] === "full" ? runtimes : (["node"] as const))(
    "after kill -9 on %s what was being delivered is delivered again within them, and the rest in order",
    async (runtime) => {
      const data = directory();
      const silent = await startSilent();
      const first = await startProcess(runtime, data);
      const bodies = ["1", "2", "3", "4", "5"];
      await publishAll(first, { url: silent.url, bodies }, { parallelism: 2 });
      await until(() => silent.open.length === 2);
      await kill(first);

      const second = await startProcess(runtime, data);
      await until(() => silent.open.length === 4);
      expect(await second.client.flowControl.get("account")).toMatchObject({ parallelismCount: 2, waitListSize: 3 });
      for (let answered = 2; answered < 7; answered += 1) {
        // Two are open before one of them ends: what begins side by side has no order.
        await until(() => silent.open.length >= Math.min(answered + 2, 7));
        silent.open[answered]?.end();
      }
      await until(async () => (await waiting(second)) === 0);
      expect([silent.bodies().slice(0, 2).toSorted(), silent.bodies().slice(2, 4).toSorted()]).toEqual([
        ["1", "2"],
        ["1", "2"],
      ]);
      expect(silent.bodies().slice(4)).toEqual(["3", "4", "5"]);
    },
    30_000,
  );
});

async function waiting({ client }: Pick<Harness, "client">): Promise<number> {
  const { waitListSize, parallelismCount } = await client.flowControl.get("account");
  return waitListSize + parallelismCount;
}
