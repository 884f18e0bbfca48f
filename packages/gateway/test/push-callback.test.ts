import { expect, it } from "vitest";

import { settled, startDestination, startGateway, statuses, until } from "./push-harness.ts";

/** What a callback says, with the bodies decoded. */
function read(body: string): Record<string, unknown> {
  const report: Record<string, unknown> = JSON.parse(body);
  const decode = (key: string): string => Buffer.from(String(report[key]), "base64").toString();
  return { ...report, body: decode("body"), sourceBody: decode("sourceBody") };
}

it("a callback tells about each delivery, the failure callback about the last, with the dead letter's id", async () => {
  const destination = await startDestination((_arrival, response) => {
    response.writeHead(500, { "X-Why": "broken" });
    response.end("sorry");
  });
  const told = await startDestination();
  const { client, log, advance, now } = await startGateway();
  const { messageId } = await client.publish({
    url: `${destination.url}/work`,
    body: "do it",
    headers: { "Content-Type": "text/plain", "X-Own": "1" },
    retries: 1,
    retryDelay: "1000",
    callback: `${told.url}/each`,
    failureCallback: `${told.url}/failed`,
  });
  await until(() => log.length === 1);
  advance(1);
  await until(() => told.arrivals.length === 3);

  const { messages } = await client.dlq.listMessages();
  const common = {
    status: 500,
    header: expect.objectContaining({ "X-Why": ["broken"] }),
    body: "sorry",
    maxRetries: 1,
    sourceMessageId: messageId,
    url: `${destination.url}/work`,
    method: "POST",
    sourceHeader: { "Content-Type": ["text/plain"], "X-Own": ["1"] },
    sourceBody: "do it",
    createdAt: String(now() - 1000),
    notBefore: String(now() - 1000),
  };
  const reports = told.arrivals.map(({ url, body }) => ({ url, ...read(body) }));
  const each = told.arrivals.filter(({ url }) => url === "/each").map(({ body }) => read(body));
  const failed = told.arrivals.filter(({ url }) => url === "/failed").map(({ body }) => read(body));
  expect(reports).toHaveLength(3);
  expect(each).toEqual([
    { ...common, retried: 0 },
    { ...common, retried: 1, dlqId: messages[0]?.dlqId },
  ]);
  expect(failed).toEqual([{ ...common, retried: 1, dlqId: messages[0]?.dlqId }]);
  expect(told.arrivals[0]?.headers).toMatchObject({ "content-type": "application/json", "upstash-retried": "0" });
  expect(told.arrivals[0]?.headers["upstash-message-id"]).not.toBe(messageId);
});

it("a success is told to the callback only", async () => {
  const destination = await startDestination();
  const told = await startDestination();
  const harness = await startGateway();

  await harness.client.publish({
    url: destination.url,
    callback: `${told.url}/each`,
    failureCallback: `${told.url}/failed`,
  });

  await until(() => told.arrivals.length === 1);
  await settled(harness);
  expect(told.arrivals.map(({ url, body }) => [url, read(body)["status"], read(body)["body"]])).toEqual([
    ["/each", 200, "ok"],
  ]);
});

it("a failure without an answer has status 0", async () => {
  const destination = await startDestination();
  destination.close();
  const told = await startDestination();
  const { client } = await startGateway();

  await client.publish({ url: destination.url, retries: 0, failureCallback: told.url });

  await until(() => told.arrivals.length === 1);
  expect(read(told.bodies()[0] ?? "")).toMatchObject({ status: 0, header: {} });
});

it("a callback has settings of its own, and the message's retries unless it says otherwise", async () => {
  const destination = await startDestination();
  const told = await startDestination(statuses(500));
  const { call, log, advance } = await startGateway();
  await call("POST", `/v2/publish/${destination.url}`, {
    headers: {
      "Upstash-Retries": "1",
      "Upstash-Callback": told.url,
      "Upstash-Callback-Method": "PUT",
      "Upstash-Callback-Retry-Delay": "7000 + 1 / 3",
      "Upstash-Callback-Forward-X-For": "the callback",
      "Upstash-Forward-X-For": "the message",
    },
  });
  await until(() => log.length === 1);

  expect(log[0]).toContain("retry 1 of 1 in 7 s");
  expect(told.arrivals[0]).toMatchObject({ method: "PUT", headers: { "x-for": "the callback" } });
  expect(destination.arrivals[0]?.headers).toMatchObject({ "x-for": "the message" });
  advance(8);
  await until(() => told.arrivals.length === 2);
});
