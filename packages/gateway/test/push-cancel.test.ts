import type { ServerResponse } from "node:http";

import type { Client } from "@upstash/qstash";
import { expect, it } from "vitest";

import { inQueue } from "../src/push/filter.ts";
import { deleteQueue } from "../src/push/queue-routes.ts";
import { settled, startDestination, startGateway, until } from "./push-harness.ts";
import { openMemory } from "./push-stores.ts";

type CancelRequest = Exclude<Parameters<Client["messages"]["cancel"]>[0], string | string[]>;
type Harness = Awaited<ReturnType<typeof startGateway>>;
type Filter = Extract<CancelRequest, { filter: unknown }>["filter"];

it("a waiting message is cancelled by its id, once", async () => {
  const destination = await startDestination();
  const harness = await startGateway();
  const { messageId } = await harness.client.publish({ url: destination.url, delay: 60 });

  expect(await harness.client.messages.cancel(messageId)).toEqual({ cancelled: 1 });
  await expect(harness.client.messages.cancel(messageId)).rejects.toMatchObject({ status: 404 });

  harness.advance(60);
  await settled(harness);
  expect(destination.arrivals).toEqual([]);
});

it("messages are cancelled by their ids, those that are there", async () => {
  const destination = await startDestination();
  const { client } = await startGateway();
  const [a, b, c] = await client.batch([1, 2, 3].map((n) => ({ url: destination.url, body: String(n), delay: 60 })));
  const ids = [a, c].map((each) => String(Reflect.get(Object(each), "messageId")));

  expect(await client.messages.cancel([...ids, "msg_unknown"])).toEqual({ cancelled: 2 });
  expect(await client.messages.get(String(Reflect.get(Object(b), "messageId")))).toMatchObject({ body: "2" });
});

it.each([
  ["by its id", async ({ client }: Harness, id: string) => await client.messages.cancel(id)],
  ["with others", async ({ client }: Harness) => await client.messages.cancel({ all: true })],
  ["with its queue", async ({ client }: Harness) => await client.queue({ queueName: "line" }).delete()],
])("a message that is cancelled %s is one with no other any more, what is still there is", async (_, cancel) => {
  const destination = await startDestination();
  const harness = await startGateway();
  const publish = async (deduplicationId: string, delay = 0) =>
    await harness.client.publish({ url: destination.url, deduplicationId, body: deduplicationId, delay });
  await publish("delivered");
  await until(() => destination.arrivals.length === 1);
  const queue = harness.client.queue({ queueName: "line" });
  const first = await queue.enqueue({ url: destination.url, deduplicationId: "cancelled", delay: 60 });
  await cancel(harness, first.messageId);

  const [second, third, delivered] = [
    await publish("cancelled"),
    await publish("cancelled"),
    await publish("delivered"),
  ];

  expect(second.messageId).not.toBe(first.messageId);
  expect(third).toMatchObject({ messageId: second.messageId, deduplicated: true });
  expect(delivered).toMatchObject({ deduplicated: true });
  await until(() => destination.arrivals.length === 2);
  expect(destination.arrivals.map(({ body }) => body)).toEqual(["delivered", "cancelled"]);
});

it("thousands are cancelled by one call, and what others publish meanwhile stands", async () => {
  const destination = await startDestination();
  const harness = await startGateway();
  const { client } = harness;
  const some = Array.from({ length: 100 }, (_, n) => ({
    url: destination.url,
    body: String(n),
    delay: 60,
    label: "many",
  }));
  await Promise.all(Array.from({ length: 101 }, async () => await client.batch(some)));

  const cancelling = client.messages.cancel({ filter: { label: "many" } });
  const other = await client.publish({ url: destination.url, body: "other", delay: 60 });

  expect(await cancelling).toEqual({ cancelled: 10_100 });
  expect(await client.messages.get(other.messageId)).toMatchObject({ body: "other" });
  harness.advance(60);
  await settled(harness);
  expect(destination.arrivals.map(({ body }) => body)).toEqual(["other"]);
});

it("a queue is deleted with its thousands, a portion a work, and with what comes meanwhile", async () => {
  const services = openMemory();
  const { database, messages, queues } = services;
  const draft = { method: "POST", headers: {}, retries: 0, timeout: 60, delay: 60, labels: [], redact: [] };
  const enqueue = (): unknown =>
    messages.accept({ draft: { ...draft, url: "http://a.example/", queue: "line" }, body: new Uint8Array() }, 0);
  await database.write(() => void Array.from({ length: 10_100 }, enqueue));
  const cancelled: number[] = [];
  const cancelAll = (...chosen: Parameters<typeof messages.cancelAll>): number => {
    const count = messages.cancelAll(...chosen);
    cancelled.push(count);
    if (cancelled.length === 3) void database.write(enqueue);
    return count;
  };

  const watched = { database, messages: { ...messages, cancelAll }, wake: () => undefined };
  const isDeleted = await deleteQueue({ ...watched, queues }, "line");

  expect(isDeleted).toBe(true);
  expect(cancelled).toEqual([5000, 5000, 100]);
  expect([queues.find("line"), messages.fitting(inQueue("line"))]).toEqual([undefined, []]);
});

it("messages are cancelled by what they are", async () => {
  const { client } = await startGateway();
  const target = "http://127.0.0.1:9";
  const fill = (): Promise<unknown> =>
    client.batch([
      { url: `${target}/a`, label: "task-1", delay: 60 },
      { url: `${target}/b`, label: ["task-2", "nightly"], delay: 60 },
      { url: `${target}/b`, label: "task-3", delay: 60, queueName: "q" },
      { url: "http://localhost:9/a", flowControl: { key: "k", rate: 1 }, delay: 60 },
    ]);
  const cancel = async (filter: Filter): Promise<number> => {
    await fill();
    const { cancelled } = await client.messages.cancel({ filter });
    await client.messages.cancel({ all: true });
    return cancelled;
  };

  expect(await cancel({ label: "task-1" })).toBe(1);
  expect(await cancel({ label: ["task-1", "nightly"] })).toBe(2);
  expect(await cancel({ url: `${target}/b` })).toBe(2);
  expect(await cancel({ url: `${target}/b`, queueName: "q" })).toBe(1);
  expect(await cancel({ host: "localhost:9" })).toBe(1);
  expect(await cancel({ path: "/a" })).toBe(2);
  expect(await cancel({ flowControlKey: "k" })).toBe(1);
  expect(await cancel({ fromDate: 0 })).toBe(4);
  expect(await cancel({ toDate: 0 })).toBe(0);
  expect(await cancel({ scheduleId: "s" })).toBe(0);
  await fill();
  expect(await client.messages.cancel({ all: true })).toEqual({ cancelled: 4 });
});

it.each([
  { status: 200, callbacks: 1, log: [] },
  { status: 500, callbacks: 0, log: [expect.stringContaining("cancelled meanwhile")] },
])(
  "a message that is cancelled while it is delivered is not sent again: $status",
  async ({ status, callbacks, log }) => {
    const open: ServerResponse[] = [];
    const destination = await startDestination((_arrival, response) => void open.push(response));
    const told = await startDestination();
    const harness = await startGateway();
    const { messageId } = await harness.client.publish({
      url: destination.url,
      callback: told.url,
      failureCallback: told.url,
    });
    await until(() => open.length === 1);

    expect(await harness.client.messages.cancel(messageId)).toEqual({ cancelled: 1 });
    for (const response of open) response.writeHead(status).end();
    await until(async () => (await harness.call("GET", `/v2/messages/${messageId}`)).status === 404);
    harness.advance(86_400);
    await settled(harness);

    expect(destination.arrivals).toHaveLength(1);
    expect(told.arrivals).toHaveLength(callbacks);
    expect(harness.log).toEqual(log);
    expect((await harness.client.dlq.listMessages()).messages).toEqual([]);
  },
);
