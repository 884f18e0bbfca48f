/** Logs, as far as the gateway keeps any: the last entry of each message that it still has. */

import { expect, it } from "vitest";

import { settled, startDestination, startGateway } from "./push-harness.ts";

const target = "http://127.0.0.1:9";

it("a message that waits is in the logs of its labels, newest first, with what it waits for", async () => {
  const { client } = await startGateway();
  const first = await client.publish({ url: `${target}/q/a`, label: "task-1", delay: 60, body: "one" });
  const second = await client.publish({ url: `${target}/q/b`, label: ["task-2", "nightly"], delay: 60 });
  await client.publish({ url: `${target}/q/c`, label: "task-3", delay: 60 });

  const { logs, cursor } = await client.logs({ filter: { label: ["task-1", "nightly"], state: "CREATED" } });

  expect(logs.map(({ messageId }) => messageId)).toEqual([second.messageId, first.messageId]);
  expect(cursor).toBeUndefined();
  const { createdAt, notBefore } = await client.messages.get(first.messageId);
  const entry = { state: "CREATED", url: `${target}/q/a`, label: "task-1", labels: ["task-1"] };
  expect(logs[1]).toMatchObject({ ...entry, time: createdAt, nextDeliveryTime: notBefore });
  expect(logs[1]).not.toHaveProperty("body");
});

it("the logs say how a message stands, and nothing of one that was delivered or cancelled", async () => {
  const destination = await startDestination();
  const harness = await startGateway();
  const { client } = harness;
  await client.publish({ url: destination.url, label: "delivered" });
  const { messageId } = await client.publish({ url: destination.url, label: "cancelled", delay: 60 });
  await client.messages.cancel(messageId);
  await settled(harness);
  await client.publish({ url: `${target}/refused`, label: "retried", retries: 3, retryDelay: "100000" });
  await settled(harness);

  const { logs } = await client.logs();

  expect(logs).toMatchObject([{ label: "retried", state: "RETRY", nextDeliveryTime: harness.now() + 100_000 }]);
  expect((await client.logs({ filter: { state: "CREATED" } })).logs).toEqual([]);
  expect((await client.logs({ messageIds: [messageId] })).logs).toEqual([]);
});

it("the logs come in pages, and a filter that there is not selects nothing", async () => {
  const harness = await startGateway();
  const { client } = harness;
  await client.batch([1, 2, 3].map((n) => ({ url: `${target}/${n}`, label: `task-${n}`, delay: 60 })));

  const first = await client.logs({ filter: { count: 2 } });
  const second = await client.logs({ filter: { count: 2 }, cursor: first.cursor ?? "" });

  expect([...first.logs, ...second.logs].map(({ label }) => label)).toEqual(["task-3", "task-2", "task-1"]);
  expect(second.cursor).toBeUndefined();
  const misspelt = JSON.parse('{ "lable": "task-1" }');
  await expect(client.logs({ filter: misspelt })).rejects.toMatchObject({ status: 400 });
});

it("the logs come by the hundred when nobody says how many, and a full page that is the last one says so", async () => {
  const { client } = await startGateway();
  const publish = async (count: number) =>
    await client.batch(Array.from({ length: count }, (_, n) => ({ url: `${target}/${n}`, delay: 60 })));
  await publish(100);

  const full = await client.logs();
  await publish(1);
  const first = await client.logs();

  expect([full.logs.length, full.cursor]).toEqual([100, undefined]);
  expect(first.logs).toHaveLength(100);
  expect((await client.logs({ cursor: first.cursor ?? "" })).logs).toHaveLength(1);
});

it("the logs show neither bodies nor what a publisher wants nobody to see, and nothing without the token", async () => {
  const { client, call } = await startGateway();
  const headers = { "X-Secret": "secret header" };
  await client.publish({ url: target, body: "secret body", delay: 60, headers, redact: { header: ["X-Secret"] } });

  const shown = await call("GET", "/v2/events");
  const refused = await call("GET", "/v2/logs", { headers: { Authorization: "Bearer wrong" } });

  expect(await shown.text()).not.toContain("secret");
  expect(refused.status).toBe(401);
  expect(await refused.text()).not.toContain("REDACTED");
});
