import { expect, it } from "vitest";

import { type Harness, settled, startDestination, startGateway, statuses, until } from "./push-harness.ts";

/** Publishes messages that fail at once; returns when all are dead letters. */
async function fail({ client }: Harness, url: string, requests: readonly Record<string, unknown>[]): Promise<void> {
  const before = (await client.dlq.listMessages()).messages.length;
  for (const request of requests) await client.publish({ url, retries: 0, ...request });
  await until(async () => (await client.dlq.listMessages()).messages.length === before + requests.length);
}

it("a dead letter shows the message and the last answer, until it is deleted", async () => {
  const destination = await startDestination((_arrival, response) => {
    response.writeHead(418, { "X-Kind": "teapot" });
    response.end("short and stout");
  });
  const harness = await startGateway();
  await fail(harness, destination.url, [{ body: "tea", label: "l" }]);
  const { dlq } = harness.client;

  const [entry] = (await dlq.listMessages()).messages;
  expect(entry).toMatchObject({
    dlqId: expect.stringMatching(new RegExp(`^${harness.now()}-\\d+$`)),
    url: destination.url,
    body: "tea",
    label: "l",
    maxRetries: 0,
    responseStatus: 418,
    responseHeader: { "X-Kind": ["teapot"] },
    responseBody: "short and stout",
  });
  const one = await harness.call("GET", `/v2/dlq/${entry?.dlqId}`);
  expect(await one.json()).toMatchObject({ messageId: entry?.messageId });

  expect(await dlq.delete(entry?.dlqId ?? "")).toEqual({ deleted: 1 });
  expect((await dlq.listMessages()).messages).toEqual([]);
  expect((await harness.call("GET", `/v2/dlq/${entry?.dlqId}`)).status).toBe(404);
  expect((await harness.call("DELETE", `/v2/dlq/${entry?.dlqId}`)).status).toBe(404);
});

it("a retry sends it as a new message, and takes it out of the dead letters", async () => {
  const destination = await startDestination(statuses(500, 200));
  const harness = await startGateway();
  await fail(harness, destination.url, [
    { body: "again", headers: { "X-H": "1" }, delay: 5, notBefore: harness.now() / 1000 },
  ]);
  const [entry] = (await harness.client.dlq.listMessages()).messages;

  const { responses, cursor } = await harness.client.dlq.retry(entry?.dlqId ?? "");

  expect(cursor).toBeUndefined();
  await until(() => destination.arrivals.length === 2);
  expect(responses).toEqual([{ messageId: destination.arrivals[1]?.headers["upstash-message-id"] }]);
  expect(responses[0]?.messageId).not.toBe(entry?.messageId);
  expect(destination.arrivals[1]).toMatchObject({ body: "again", headers: { "x-h": "1", "upstash-retried": "0" } });
  expect((await harness.client.dlq.listMessages()).messages).toEqual([]);
});

it("a retry may ask for other settings than the message did", async () => {
  const destination = await startDestination(statuses(500));
  const harness = await startGateway();
  await fail(harness, destination.url, [{ notBefore: harness.now() / 1000 }]);
  const [entry] = (await harness.client.dlq.listMessages()).messages;

  const headers = { "Upstash-Retries": "4", "Upstash-Delay": "1m" };
  const response = await harness.call("POST", `/v2/dlq/retry/${entry?.dlqId}`, { headers });

  expect(response.status).toBe(201);
  const { messageId }: { messageId: string } = await response.json();
  expect(await harness.client.messages.get(messageId)).toMatchObject({
    maxRetries: 4,
    notBefore: harness.now() + 60_000,
  });
});

it("a retry gives the gateway's own token to nobody", async () => {
  const destination = await startDestination(statuses(500, 200));
  const harness = await startGateway();
  await fail(harness, destination.url, [{}]);
  const [entry] = (await harness.client.dlq.listMessages()).messages;

  const headers = { "Upstash-Header-Forward": "true", "X-Webhook": "1" };
  await harness.call("POST", `/v2/dlq/retry/${entry?.dlqId}`, { headers });

  await until(() => destination.arrivals.length === 2);
  expect(destination.arrivals[1]?.headers).toMatchObject({ "x-webhook": "1" });
  expect(destination.arrivals[1]?.headers).not.toHaveProperty("authorization");
});

it("they are read page by page, in either order", async () => {
  const destination = await startDestination(statuses(500));
  const harness = await startGateway();
  await fail(
    harness,
    destination.url,
    ["a", "b", "c"].map((body) => ({ body })),
  );

  const first = await harness.client.dlq.listMessages({ count: 2 });
  const second = await harness.client.dlq.listMessages({
    count: 2,
    ...(first.cursor !== undefined && { cursor: first.cursor }),
  });
  const response = await harness.call("GET", "/v2/dlq?count=2&order=latestFirst");

  expect([first.messages.length, second.messages.length, second.cursor]).toEqual([2, 1, undefined]);
  expect(new Set([...first.messages, ...second.messages].map(({ body }) => body))).toEqual(new Set(["a", "b", "c"]));
  const latest: { messages: { dlqId: string }[] } = await response.json();
  const ids = [...first.messages, ...second.messages].map(({ dlqId }) => dlqId);
  expect(latest.messages.map(({ dlqId }) => dlqId)).toEqual([ids[2], ids[1]]);
});

it("they are selected by what they are: alternatives within a key, all keys together", async () => {
  const teapot = await startDestination(statuses(418));
  const broken = await startDestination(statuses(500));
  const harness = await startGateway();
  await fail(harness, teapot.url, [{ label: ["tea", "hot"] }, { label: "coffee" }]);
  await fail(harness, broken.url, [{ label: "tea" }]);
  const count = async (filter: Record<string, unknown>): Promise<number> =>
    (await harness.client.dlq.listMessages({ filter })).messages.length;

  expect(await count({ label: "tea" })).toBe(2);
  expect(await count({ label: ["hot", "coffee"] })).toBe(2);
  expect(await count({ label: "tea", responseStatus: 500 })).toBe(1);
  expect(await count({ url: teapot.url })).toBe(2);
  expect(await count({ queueName: "none" })).toBe(0);
  expect(await count({ urlGroup: "none" })).toBe(0);
  expect(await count({ fromDate: harness.now() + 1 })).toBe(0);
  expect(await count({ toDate: harness.now() })).toBe(3);

  expect(await harness.client.dlq.delete({ filter: { label: "tea" } })).toEqual({ deleted: 2 });
  expect(await harness.client.dlq.retry({ all: true })).toMatchObject({
    responses: [{ messageId: expect.any(String) }],
  });
});

it("they go after their time", async () => {
  const destination = await startDestination(statuses(500));
  const harness = await startGateway({ deadLetterRetention: 3600 });
  await fail(harness, destination.url, [{ body: "old" }]);
  harness.advance(3601);
  await harness.client.publish({ url: destination.url, retries: 0, body: "new" });

  await until(async () => (await harness.client.dlq.listMessages()).messages[0]?.body === "new");
  expect((await harness.client.dlq.listMessages()).messages).toHaveLength(1);
  await settled(harness);
});
