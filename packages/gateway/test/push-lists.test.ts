/** The lists that an operator asks for: what went wrong, which part of it, and at what price. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { kill, runtimes, startProcess } from "./gateway-process.ts";
import { type Harness, settled, startDestination, startGateway, statuses, until } from "./push-harness.ts";

const target = "http://127.0.0.1:9";

/** The logs as they are answered: the client's type has not all that they show. */
async function logsOf({ call }: Harness, query: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const response = await call("GET", `/v2/logs?${query}`);
  const { logs }: { logs: readonly Readonly<Record<string, unknown>>[] } = await response.json();
  return logs;
}

describe("an entry of the logs", () => {
  it("says what the last delivery was answered, how many have failed, and when the next one is", async () => {
    const destination = await startDestination((_arrival, response) =>
      response.writeHead(503, { "X-Reason": "tired" }).end("come back later"),
    );
    const harness = await startGateway();
    await harness.client.publish({ url: destination.url, retries: 3, retryDelay: "100000" });
    await settled(harness);

    const [entry, ...others] = await logsOf(harness, "");

    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      state: "RETRY",
      retried: 1,
      nextDeliveryTime: harness.now() + 100_000,
      error: "The destination answered with status 503",
      responseStatus: 503,
      responseHeaders: { "X-Reason": ["tired"] },
      responseBody: Buffer.from("come back later").toString("base64"),
    });
  });

  it("says so too of what was given up, and why there was no answer", async () => {
    const harness = await startGateway();
    const destination = await startDestination(statuses(418));
    await harness.client.publish({ url: `${target}/nobody`, retries: 0, label: "unanswered" });
    await harness.client.publish({ url: destination.url, retries: 0, label: "answered" });
    await until(async () => (await logsOf(harness, "state=FAILED")).length === 2);

    const [unanswered] = await logsOf(harness, "label=unanswered");
    const [answered] = await logsOf(harness, "label=answered");

    expect(unanswered).toMatchObject({ state: "FAILED", retried: 0, responseStatus: 0 });
    expect(unanswered?.["error"]).toMatch(/ECONNREFUSED/);
    expect(answered).toMatchObject({ state: "FAILED", responseStatus: 418 });
  });

  it("shows the beginning of a long answer, and the body of a message to who names it", async () => {
    const harness = await startGateway();
    const destination = await startDestination((_arrival, response) => response.writeHead(500).end("x".repeat(5000)));
    const { messageId } = await harness.client.publish({
      url: destination.url,
      body: "æ 漢",
      retries: 1,
      retryDelay: "900000",
    });
    const secret = await harness.client.publish({ url: target, body: "secret", delay: 60, redact: { body: true } });
    await settled(harness);

    const [, unnamed] = await logsOf(harness, "");
    const [hidden, named] = await logsOf(harness, `messageIds=${messageId},${secret.messageId}`);

    expect(unnamed).not.toHaveProperty("body");
    expect(named?.["body"]).toBe(Buffer.from("æ 漢").toString("base64"));
    expect(named?.["responseBody"]).toBe(Buffer.from("x".repeat(1000)).toString("base64"));
    expect(hidden?.["body"]).toMatch(/^REDACTED:/);
  });

  it("tells what is due and waits for room from what waits for its time", async () => {
    const harness = await startGateway();
    await harness.client.queue({ queueName: "line" }).upsert({ parallelism: 1, paused: true });
    await harness.client.queue({ queueName: "line" }).enqueue({ url: target, label: "due" });
    await harness.client.publish({ url: target, delay: 60, label: "later" });

    const [later, due] = await logsOf(harness, "state=CREATED");

    expect(due).toMatchObject({ label: "due", nextDeliveryTime: harness.now(), notBefore: harness.now() });
    expect(later).toMatchObject({ label: "later", nextDeliveryTime: harness.now() + 60_000 });
  });
});

describe("a list", () => {
  it("comes in either order, and what happens between two pages neither hides nor doubles a message", async () => {
    const harness = await startGateway();
    const { client } = harness;
    const labels = Array.from({ length: 9 }, (_, at) => `task-${at}`);
    await client.batch(labels.map((label) => ({ url: `${target}/${label}`, label, delay: 60 })));

    for (const [order, expected] of [
      ["latestFirst", labels.toReversed()],
      ["earliestFirst", labels],
    ] as const) {
      const seen: unknown[] = [];
      for (let cursor = ""; ;) {
        const page = await (await harness.call("GET", `/v2/logs?count=4&order=${order}&cursor=${cursor}`)).json();
        seen.push(...page.logs.map(({ label }: { label: string }) => label));
        await client.publish({ url: `${target}/new`, label: "task-9", delay: 60 });
        await client.messages.cancel({ filter: { label: "task-9" } });
        if (page.cursor === undefined) break;
        cursor = page.cursor;
      }
      expect(seen).toEqual(expected);
    }
  });

  it("has a page end before its bodies are too many", async () => {
    const harness = await startGateway();
    const sent = await harness.client.batch(
      Array.from({ length: 3 }, () => ({ url: target, body: "x".repeat(3_000_000), delay: 60 })),
    );
    const more = await harness.client.batch(
      Array.from({ length: 2 }, () => ({ url: target, body: "x".repeat(3_000_000), delay: 60 })),
    );
    const ids = [...sent, ...more].map((each) => `messageIds=${"messageId" in each ? each.messageId : ""}`).join("&");

    const first = await (await harness.call("GET", `/v2/logs?${ids}`)).json();
    const second = await (await harness.call("GET", `/v2/logs?${ids}&cursor=${first.cursor}`)).json();

    expect([first.logs.length, second.logs.length, second.cursor]).toEqual([3, 2, undefined]);
  });

  it("has what each filter says, and filters add up", async () => {
    const harness = await startGateway();
    const { client, now } = harness;
    const begin = now();
    const flowControl = { key: "key", parallelism: 1 };
    await client.publish({ url: `${target}/a?x=1`, label: "a", delay: 60, flowControl });
    harness.advance(10);
    await client.publish({ url: `${target}/a?x=2`, label: "b", delay: 60 });
    harness.advance(10);
    const queue = client.queue({ queueName: "line" });
    await queue.upsert({ parallelism: 1, paused: true });
    await queue.enqueue({ url: "http://localhost:9/c", label: "c", flowControl });

    const labels = async (query: string) => (await logsOf(harness, query)).map(({ label }) => label).join("");

    expect(await labels(`url=${encodeURIComponent(`${target}/a?x=1`)}`)).toBe("a");
    expect(await labels(`url=${target}/a`)).toBe("");
    expect(await labels("url=nonsense")).toBe("");
    expect(await labels("path=/a")).toBe("ba");
    expect(await labels("path=/a&path=/c")).toBe("cba");
    expect(await labels("host=127.0.0.1:9")).toBe("ba");
    expect(await labels("host=127.0.0.1:9,localhost:9&path=/c")).toBe("c");
    expect(await labels("queueName=line")).toBe("c");
    expect(await labels("flowControlKey=key")).toBe("ca");
    expect(await labels("flowControlKey=none")).toBe("");
    expect(await labels(`fromDate=${begin + 10_000}`)).toBe("cb");
    expect(await labels(`toDate=${begin + 10_000}`)).toBe("ba");
    expect(await labels(`fromDate=${begin + 1}&toDate=${begin + 19_999}`)).toBe("b");
    expect(await labels(`fromDate=${begin + 20_001}`)).toBe("");
    expect(await labels("state=CREATED&label=a,b")).toBe("ba");
    expect(await labels("state=IN_PROGRESS")).toBe("");
    expect((await client.messages.cancel({ filter: { path: "/a", fromDate: begin + 1 } })).cancelled).toBe(1);
    expect((await client.messages.cancel({ filter: { flowControlKey: "key" } })).cancelled).toBe(2);
  });

  it("has the instants that are asked for, also when the clock was set back", async () => {
    const harness = await startGateway();
    const publish = async (label: string, after: number) => {
      harness.advance(after);
      await harness.client.publish({ url: target, label, delay: 6000 });
    };
    const begin = harness.now();
    await publish("a", 100);
    await publish("b", -50);
    await publish("c", 10);

    const labels = async (query: string) => (await logsOf(harness, query)).map(({ label }) => label).join("");

    expect(await labels(`fromDate=${begin + 60_000}`)).toBe("ca");
    expect(await labels(`toDate=${begin + 60_000}`)).toBe("cb");
  });

  it.each([
    ["/v2/events?state=DONE", '"DONE" is none of CREATED, ACTIVE'],
    ["/v2/events?order=sideways", '"sideways" is neither latestFirst nor earliestFirst'],
    ["/v2/events?label=", "label: a value is missing"],
    ["/v2/events?label=a,,b", "label: a value is missing"],
    ["/v2/events?count=many", "count must be a whole number"],
    ["/v2/events?cursor=-1", "cursor what an earlier answer gave"],
    ["/v2/events?fromDate=yesterday", "one instant, in milliseconds since 1970"],
    ["/v2/events?fromDate=1&fromDate=2", "one instant"],
    ["/v2/events?lable=a", '"lable" is no filter'],
    ["/v2/events?responseStatus=500", '"responseStatus" is no filter'],
    ["/v2/dlq?responseStatus=teapot", '"teapot" is no status'],
    ["/v2/dlq?order=1", '"1" is neither'],
    ["/v2/dlq?state=FAILED", '"state" is no filter'],
  ])("is refused for %s", async (path, error) => {
    const { call } = await startGateway();

    const response = await call("GET", path);

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringContaining(error) });
  });

  it("of dead letters has what each filter says, and their pages neither skip nor double", async () => {
    const harness = await startGateway();
    const { client, now } = harness;
    const destination = await startDestination(statuses(500, 418, 500, 418, 500));
    const begin = now();
    for (const label of ["a", "b", "c", "d", "e"]) {
      const before = destination.arrivals.length;
      harness.advance(10);
      await client.publish({ url: `${destination.url}/${label}`, label, retries: 0 });
      await until(() => destination.arrivals.length === before + 1);
      await until(async () => (await client.dlq.listMessages({ filter: { label } })).messages.length === 1);
    }

    const list = async (filter: Parameters<typeof client.dlq.listMessages>[0]) =>
      (await client.dlq.listMessages(filter)).messages.map(({ label }) => label).join("");

    expect(await list({ filter: { responseStatus: [418, 404] } })).toBe("bd");
    expect(await list({ filter: { responseStatus: 500, fromDate: begin + 30_000 } })).toBe("ce");
    expect(await list({ filter: { toDate: begin + 20_000 } })).toBe("ab");
    expect(await list({ filter: { url: [`${destination.url}/a`, `${destination.url}/e`] } })).toBe("ae");
    expect(await list({ filter: { label: ["b", "c"], responseStatus: 500 } })).toBe("c");

    const [entry] = (await client.dlq.listMessages({ filter: { label: "d" } })).messages;
    expect(await list({ filter: { messageId: entry?.messageId ?? "" } })).toBe("d");
    expect(await list({ dlqIds: [entry?.dlqId ?? "", "1-999"] })).toBe("d");

    const first = await client.dlq.listMessages({ count: 2 });
    await client.dlq.delete(first.messages[1]?.dlqId ?? "");
    const second = await client.dlq.listMessages({ count: 2, cursor: first.cursor ?? "" });
    expect([...first.messages, ...second.messages].map(({ label }) => label).join("")).toBe("abcd");
  });
});

describe("a queue that is paused", () => {
  it("stays so when it is changed and nothing is said of it, and goes on when that is said", async () => {
    const { call, client } = await startGateway();
    const change = async (queue: object) =>
      (await call("POST", "/v2/queues", { body: JSON.stringify({ queueName: "line", ...queue }) })).status;
    const shown = async () => await client.queue({ queueName: "line" }).get();

    expect(await change({ parallelism: 2 })).toBe(200);
    expect(await shown()).toMatchObject({ parallelism: 2, paused: false });
    await client.queue({ queueName: "line" }).pause();
    expect(await change({ parallelism: 3 })).toBe(200);
    expect(await shown()).toMatchObject({ parallelism: 3, paused: true });
    expect(await change({ parallelism: 3, paused: "no" })).toBe(400);
    expect(await change({ parallelism: 3, paused: false })).toBe(200);
    expect(await shown()).toMatchObject({ paused: false });
  });
});

it.each(process.env["UMBEL_TEST_LEVEL"] === "full" ? runtimes : (["node"] as const))(
  "kill -9 on %s takes no pause and no pin",
  async (runtime) => {
    const data = mkdtempSync(join(tmpdir(), "umbel-gateway-"));
    onTestFinished(() => rmSync(data, { recursive: true }));
    const destination = await startDestination();
    const first = await startProcess(runtime, data);
    await first.client.queue({ queueName: "line" }).upsert({ parallelism: 2 });
    await first.client.queue({ queueName: "line" }).pause();
    await first.client.flowControl.pause("paused");
    await first.client.flowControl.pin("pinned", { rate: 3, period: 60, parallelism: 2 });
    const publish = async ({ client }: typeof first) => {
      await client.queue({ queueName: "line" }).enqueue({ url: destination.url });
      await client.publish({ url: destination.url, flowControl: { key: "paused", parallelism: 5 } });
      await client.publish({
        url: destination.url,
        flowControl: { key: "pinned", rate: 9, parallelism: 9 },
        delay: 60,
      });
    };
    await publish(first);
    await kill(first);

    const second = await startProcess(runtime, data);
    await publish(second);
    await second.client.publish({ url: `${destination.url}/marker` });
    await until(() => destination.arrivals.length > 0);

    expect(destination.arrivals.map(({ url }) => url)).toEqual(["/marker"]);
    expect(await second.client.queue({ queueName: "line" }).get()).toMatchObject({
      paused: true,
      parallelism: 2,
      lag: 2,
    });
    expect(await second.client.flowControl.get("paused")).toMatchObject({ isPaused: true, waitListSize: 2 });
    const pins = { rateMax: 3, ratePeriod: 60, parallelismMax: 2, isPinnedRate: true, isPinnedParallelism: true };
    expect(await second.client.flowControl.get("pinned")).toMatchObject(pins);
    await second.client.queue({ queueName: "line" }).resume();
    await second.client.flowControl.resume("paused");
    await until(() => destination.arrivals.length === 5);
  },
);
