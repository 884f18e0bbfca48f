import type { ServerResponse } from "node:http";

import { describe, expect, it } from "vitest";

import { type Destination, settled, startDestination, startGateway, statuses, until } from "./push-harness.ts";

interface Held extends Destination {
  /** Answers the oldest request that has none. */
  readonly release: (status?: number) => void;
  readonly open: () => number;
}

/** A destination that answers when it is told to. */
async function startHeld(): Promise<Held> {
  const waiting: ServerResponse[] = [];
  const destination = await startDestination((_arrival, response) => void waiting.push(response));
  return {
    ...destination,
    release: (status = 200) => void waiting.shift()?.writeHead(status).end(),
    open: () => waiting.length,
  };
}

describe("a queue", () => {
  it("delivers one after another, in order, across retries", async () => {
    const destination = await startDestination(statuses(200, 500, 200));
    const harness = await startGateway();
    const queue = harness.client.queue({ queueName: "line" });
    for (const body of ["1", "2", "3"]) await queue.enqueue({ url: destination.url, body, retryDelay: "1000" });

    await until(() => harness.log.length === 1);
    await settled(harness);
    expect(destination.bodies()).toEqual(["1", "2"]);
    harness.advance(1);
    await until(() => destination.arrivals.length === 4);
    expect(destination.bodies()).toEqual(["1", "2", "2", "3"]);
  });

  it("goes on after a message that has failed for good, once its failure callback has ended", async () => {
    const destination = await startDestination(statuses(500, 200));
    const told = await startHeld();
    const harness = await startGateway();
    const queue = harness.client.queue({ queueName: "line" });
    await queue.enqueue({ url: destination.url, body: "1", retries: 0, failureCallback: told.url });
    await queue.enqueue({ url: destination.url, body: "2" });

    await until(() => told.open() === 1);
    await settled(harness);
    expect(destination.bodies()).toEqual(["1"]);
    told.release();
    await until(() => destination.arrivals.length === 2);
  });

  it("goes on after a failure callback that has failed itself", async () => {
    const destination = await startDestination(statuses(500, 200));
    const told = await startDestination(statuses(500));
    const { client } = await startGateway();
    const queue = client.queue({ queueName: "line" });
    await queue.enqueue({ url: destination.url, body: "1", retries: 0, failureCallback: told.url });
    await queue.enqueue({ url: destination.url, body: "2" });

    await until(() => destination.arrivals.length === 2);
    expect(told.arrivals).toHaveLength(1);
  });

  it("delivers as many at once as its parallelism says", async () => {
    const destination = await startHeld();
    const harness = await startGateway();
    const queue = harness.client.queue({ queueName: "wide" });
    await queue.upsert({ parallelism: 2 });
    for (const body of ["1", "2", "3"]) await queue.enqueue({ url: destination.url, body });

    await until(() => destination.open() === 2);
    await settled(harness);
    expect(destination.arrivals).toHaveLength(2);
    destination.release();
    await until(() => destination.arrivals.length === 3);

    await queue.enqueue({ url: destination.url, body: "4" });
    await settled(harness);
    expect(destination.arrivals).toHaveLength(3);
    await queue.upsert({ parallelism: 3 });
    await until(() => destination.arrivals.length === 4);
  });

  it("takes messages while it is paused, and delivers them when it is resumed", async () => {
    const destination = await startDestination();
    const harness = await startGateway();
    const queue = harness.client.queue({ queueName: "line" });
    await queue.upsert({ parallelism: 1, paused: true });
    await queue.enqueue({ url: destination.url });
    await settled(harness);
    expect(destination.arrivals).toEqual([]);

    await queue.resume();
    await until(() => destination.arrivals.length === 1);
    await queue.pause();
    await queue.pause();
    await queue.enqueue({ url: destination.url });
    await settled(harness);
    expect(destination.arrivals).toHaveLength(1);
  });

  it("does not wait for a message whose time has not come", async () => {
    const destination = await startDestination();
    const { client, advance } = await startGateway();
    const queue = client.queue({ queueName: "line" });
    await queue.enqueue({ url: destination.url, body: "later", delay: 60 });
    await queue.enqueue({ url: destination.url, body: "now" });

    await until(() => destination.arrivals.length === 1);
    advance(60);
    await until(() => destination.arrivals.length === 2);
    expect(destination.bodies()).toEqual(["now", "later"]);
  });

  it("goes on when the message at its head is cancelled", async () => {
    const destination = await startDestination(statuses(500, 200));
    const { client, log } = await startGateway();
    const queue = client.queue({ queueName: "line" });
    await queue.enqueue({ url: destination.url, body: "1" });
    await until(() => log.length === 1);
    await queue.enqueue({ url: destination.url, body: "2", label: "second" });

    await client.messages.cancel({ filter: { url: destination.url, label: "second" } });
    await queue.enqueue({ url: destination.url, body: "3" });
    await client.messages.cancel(String(destination.arrivals[0]?.headers["upstash-message-id"]));

    await until(() => destination.arrivals.length === 2);
    expect(destination.bodies()).toEqual(["1", "3"]);
  });

  it("shows what it is, and how much waits in it", async () => {
    const { client, now } = await startGateway();
    const queue = client.queue({ queueName: "line" });
    await queue.upsert({ parallelism: 2, paused: true });
    await queue.enqueue({ url: "http://127.0.0.1:9" });

    const shown = { name: "line", parallelism: 2, paused: true, lag: 1, createdAt: now(), updatedAt: now() };
    expect(await queue.get()).toEqual(shown);
    expect(await queue.list()).toEqual([shown]);
  });

  it("is deleted with what waits in it", async () => {
    const destination = await startDestination();
    const harness = await startGateway();
    const queue = harness.client.queue({ queueName: "line" });
    await queue.upsert({ parallelism: 1, paused: true });
    await queue.enqueue({ url: destination.url, body: "gone" });

    await queue.delete();
    await expect(queue.get()).rejects.toMatchObject({ status: 404 });
    await expect(queue.delete()).rejects.toMatchObject({ status: 404 });
    await queue.enqueue({ url: destination.url, body: "new" });

    await until(() => destination.arrivals.length === 1);
    await settled(harness);
    expect(destination.bodies()).toEqual(["new"]);
  });

  it.each([
    {},
    { queueName: 1 },
    { queueName: "a/b" },
    { queueName: "q", parallelism: 0 },
    { queueName: "q", parallelism: "2" },
    [],
  ])("is not made of %j", async (queue) => {
    const { call } = await startGateway();

    const response = await call("POST", "/v2/queues", { body: JSON.stringify(queue) });

    expect(response.status).toBe(400);
    expect(await response.json()).toHaveProperty("error");
  });
});

describe("a flow-control key", () => {
  it("bounds the deliveries that are open at once, over all destinations, and no others", async () => {
    const held = await startHeld();
    const free = await startDestination();
    const harness = await startGateway();
    const flowControl = { key: "account", parallelism: 2 };
    await harness.client.batch(["/a", "/b", "/c"].map((path) => ({ url: `${held.url}${path}`, flowControl })));
    await harness.client.publish({ url: free.url });

    await until(() => held.open() === 2 && free.arrivals.length === 1);
    await settled(harness);
    expect(held.arrivals).toHaveLength(2);
    held.release();
    await until(() => held.arrivals.length === 3);
  });

  it("does not count a message that waits for its retry", async () => {
    const destination = await startDestination(statuses(500, 200));
    const { client } = await startGateway();
    const flowControl = { key: "account", parallelism: 1 };

    await client.batch(["1", "2"].map((body) => ({ url: destination.url, body, flowControl })));

    await until(() => destination.arrivals.length === 2);
    expect(destination.bodies()).toEqual(["1", "2"]);
  });

  it("bounds the deliveries begun in each period", async () => {
    const destination = await startDestination();
    const harness = await startGateway();
    const flowControl = { key: "account", rate: 2, period: "10s" as const };
    await harness.client.batch(["1", "2", "3"].map((body) => ({ url: destination.url, body, flowControl })));

    await until(() => destination.arrivals.length === 2);
    harness.advance(9.999);
    await settled(harness);
    expect(destination.arrivals).toHaveLength(2);
    harness.advance(0.001);
    await until(() => destination.arrivals.length === 3);
  });

  it("goes on in the next period by itself", async () => {
    const destination = await startDestination();
    const { client } = await startGateway({ clock: "real" });
    const flowControl = { key: "account", rate: 1, period: 0.2 };
    const start = Date.now();

    await client.batch(["1", "2", "3"].map((body) => ({ url: destination.url, body, flowControl })));

    await until(() => destination.arrivals.length === 3);
    expect(Date.now() - start).toBeGreaterThanOrEqual(400);
  });

  it("has the limits that its newest message brings", async () => {
    const held = await startHeld();
    const harness = await startGateway();
    const publish = (parallelism: number): Promise<unknown> =>
      harness.client.publish({ url: held.url, flowControl: { key: "account", parallelism } });
    await publish(1);
    await publish(1);
    await until(() => held.open() === 1);
    await settled(harness);
    expect(held.arrivals).toHaveLength(1);

    await publish(3);
    await until(() => held.open() === 3);
  });
});
