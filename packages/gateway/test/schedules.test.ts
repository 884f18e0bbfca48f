/** Schedules, driven by the official client. */

import { mkdtempSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Receiver } from "@upstash/qstash";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import { createPushGateway, type PushGateway } from "../src/push/gateway.ts";
import { type Database, openDatabase } from "../src/store/database.ts";
import { type Harness, settled, startDestination, startGateway, statuses, until } from "./push-harness.ts";

const nowhere = "http://127.0.0.1:9/";
const minutely = "* * * * *";

/** A gateway and a destination; each advance of a minute is over when what is due has been delivered. */
async function startMinutes(reply?: Parameters<typeof startDestination>[0]) {
  const destination = await startDestination(reply);
  const harness = await startGateway();
  return { ...harness, harness, destination, minute: () => pass(harness, 60) };
}

async function pass(harness: Harness, seconds: number): Promise<void> {
  harness.advance(seconds);
  await settled(harness);
}

describe("a schedule", () => {
  it("is shown with all that it was asked for, and when it is due", async () => {
    const { client, now } = await startGateway({ callerIp: () => "192.0.2.1" });
    const { scheduleId } = await client.schedules.create({
      destination: `${nowhere}a//b?x=1`,
      cron: " CRON_TZ=Asia/Tokyo */10 * * * * ",
      body: '{"hello":"world"}',
      headers: { "test-header": "test-value", "Upstash-Forward-bypass-tunnel-reminder": "client-test" },
      method: "GET",
      callback: "https://example.com",
      failureCallback: "https://example.com/failure",
      delay: 10,
      retries: 5,
      retryDelay: "pow(retried, 2) * 1000",
      queueName: "scheduleQueue",
      flowControl: { key: "flow-key", parallelism: 10, rate: 5, period: "1d" },
      label: ["first", "second"],
    });

    const schedule = await client.schedules.get(scheduleId);

    expect(schedule).toEqual({
      scheduleId: expect.stringMatching(/^scd_[\w-]{24}$/),
      cron: "CRON_TZ=Asia/Tokyo */10 * * * *",
      createdAt: now(),
      destination: `${nowhere}a//b?x=1`,
      method: "GET",
      header: {
        "Bypass-Tunnel-Reminder": ["client-test"],
        "Content-Type": ["application/json"],
        "Test-Header": ["test-value"],
      },
      body: '{"hello":"world"}',
      retries: 5,
      delay: 10,
      callback: "https://example.com",
      failureCallback: "https://example.com/failure",
      callerIP: "192.0.2.1",
      isPaused: false,
      queueName: "scheduleQueue",
      flowControlKey: "flow-key",
      parallelism: 10,
      rate: 5,
      ratePerSecond: 5,
      period: 86_400,
      retryDelayExpression: "pow(retried, 2) * 1000",
      label: "first",
      labels: ["first", "second"],
      nextScheduleTime: now() + 600_000,
    });
    expect(await client.schedules.list()).toEqual([schedule]);
  });

  it("sends its message, signed and with its id, each time that it is due", async () => {
    const { client, destination, minute, advance, now } = await startMinutes();
    const { scheduleId } = await client.schedules.create({
      destination: `${destination.url}/tick`,
      cron: minutely,
      body: "tick",
      headers: { "X-Own": "1" },
    });
    advance(59);
    await minute();
    await minute();

    expect(destination.bodies()).toEqual(["tick", "tick"]);
    const [first, second] = destination.arrivals.map(({ headers }) => headers);
    expect(first).toMatchObject({ "upstash-schedule-id": scheduleId, "x-own": "1", "upstash-retried": "0" });
    expect(first?.["upstash-message-id"]).not.toBe(second?.["upstash-message-id"]);
    const receiver = new Receiver({ currentSigningKey: "sig_current", nextSigningKey: "sig_next" });
    const signature = String(first?.["upstash-signature"]);
    // Signed by a clock that is not today's.
    const clockTolerance = Math.abs(now() - Date.now()) / 1000 + 600;
    expect(await receiver.verify({ signature, body: "tick", clockTolerance })).toBe(true);
  });

  it("sends nothing while it is paused, nor later what it skipped", async () => {
    const { harness, client, destination, minute, now } = await startMinutes();
    const { scheduleId: schedule } = await client.schedules.create({ destination: destination.url, cron: minutely });
    await client.schedules.pause({ schedule });
    await client.schedules.pause({ schedule });
    await minute();
    expect(await client.schedules.get(schedule)).toMatchObject({ isPaused: true });
    expect(await client.schedules.get(schedule)).not.toHaveProperty("nextScheduleTime");

    await client.schedules.resume({ schedule });
    await settled(harness);
    expect(destination.arrivals).toEqual([]);
    expect(await client.schedules.get(schedule)).toMatchObject({ isPaused: false, nextScheduleTime: now() + 60_000 });
    await minute();
    expect(destination.arrivals).toHaveLength(1);
  });

  it("takes the place of the one with its id, wholly, but stays paused", async () => {
    const { client, destination, minute, now } = await startMinutes();
    const old = {
      scheduleId: "nightly.report_1-a",
      destination: nowhere,
      cron: "0 0 * * *",
      body: "old",
      label: "old",
    };
    const createdAt = now();
    await client.schedules.create(old);
    await minute();

    const { scheduleId } = await client.schedules.create({
      ...old,
      destination: destination.url,
      cron: minutely,
      body: "",
    });

    expect(scheduleId).toBe(old.scheduleId);
    const replaced = { destination: destination.url, cron: minutely, createdAt, nextScheduleTime: now() + 60_000 };
    expect(await client.schedules.list()).toMatchObject([replaced]);
    expect((await client.schedules.list())[0]).not.toHaveProperty("body");
    await client.schedules.pause({ schedule: scheduleId });
    await client.schedules.create({ scheduleId, destination: destination.url, cron: "*/5 * * * *" });
    expect(await client.schedules.get(scheduleId)).toMatchObject({ isPaused: true, cron: "*/5 * * * *" });
    expect(await client.schedules.get(scheduleId)).not.toHaveProperty("label");
    await minute();
    expect(destination.arrivals).toEqual([]);
  });

  it("is not there any more when it is deleted; what it has sent goes on", async () => {
    const { client, destination, minute, call } = await startMinutes(statuses(500, 200));
    const { scheduleId } = await client.schedules.create({
      destination: destination.url,
      cron: minutely,
      retryDelay: "60000",
    });
    await minute();
    await client.schedules.delete(scheduleId);
    await minute();
    await minute();

    expect(destination.arrivals.map(({ headers }) => headers["upstash-retried"])).toEqual(["0", "1"]);
    expect(await client.schedules.list()).toEqual([]);
    const requests = [
      ["GET", ""],
      ["DELETE", ""],
      ["PATCH", "/pause"],
      ["PATCH", "/resume"],
      ["POST", "/pause"],
    ] as const;
    const answers = await Promise.all(
      requests.map(([method, verb]) => call(method, `/v2/schedules/${scheduleId}${verb}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect(await answers[0]?.json()).toEqual({
      error: expect.stringContaining(`There is no schedule "${scheduleId}"`),
    });
  });

  it("says what has become of its last message", async () => {
    const open: ServerResponse[] = [];
    const { client, destination, advance, now } = await startMinutes((_arrival, response) => void open.push(response));
    const { scheduleId } = await client.schedules.create({ destination: destination.url, cron: minutely, retries: 0 });
    const stateAfter = async (status: number): Promise<unknown> => {
      const count = destination.arrivals.length + 1;
      advance(60);
      await until(() => destination.arrivals.length === count);
      const messageId = String(destination.arrivals.at(-1)?.headers["upstash-message-id"]);
      const { lastScheduleStates, lastScheduleTime } = await client.schedules.get(scheduleId);
      expect([lastScheduleStates, lastScheduleTime]).toEqual([{ [messageId]: "IN_PROGRESS" }, now()]);
      open.at(-1)?.writeHead(status).end();
      const pending = (): Promise<boolean> =>
        client.messages.get(messageId).then(
          () => true,
          () => false,
        );
      await until(async () => !(await pending()));
      return (await client.schedules.get(scheduleId)).lastScheduleStates?.[messageId];
    };

    expect(await client.schedules.get(scheduleId)).not.toHaveProperty("lastScheduleStates");
    expect(await stateAfter(200)).toBe("SUCCESS");
    expect(await stateAfter(500)).toBe("FAIL");
    expect(await stateAfter(200)).toBe("SUCCESS");
  });

  it("sends through its queue, one after another, and keeps its delay", async () => {
    const open: ServerResponse[] = [];
    const { client, destination, minute, advance } = await startMinutes(
      (_arrival, response) => void open.push(response),
    );
    const { url } = destination;
    await client.schedules.create({ destination: `${url}/line`, cron: minutely, queueName: "line" });
    await client.schedules.create({ destination: `${url}/late`, cron: "* * * * *", delay: 30 });

    await minute();
    expect(destination.arrivals.map((arrival) => arrival.url)).toEqual(["/line"]);
    expect((await client.queue({ queueName: "line" }).get()).lag).toBe(1);
    advance(30);
    await until(() => destination.arrivals.length === 2);
    advance(30);
    await until(async () => (await client.queue({ queueName: "line" }).get()).lag === 2);
    expect(destination.arrivals.filter((arrival) => arrival.url === "/line")).toHaveLength(1);
    open[0]?.end();
    await until(() => destination.arrivals.filter((arrival) => arrival.url === "/line").length === 2);
  });

  it("is known by its messages, their callbacks, their dead letters and the filters", async () => {
    const told = await startDestination();
    const { client, destination, minute, log } = await startMinutes(statuses(500));
    const { scheduleId } = await client.schedules.create({
      destination: destination.url,
      cron: minutely,
      retries: 0,
      callback: told.url,
    });
    await client.publish({ url: destination.url, retries: 0 });
    await minute();
    await until(() => log.length === 2 && told.arrivals.length === 1);

    expect(JSON.parse(told.bodies()[0] ?? "")).toMatchObject({ scheduleId, status: 500 });
    expect(told.arrivals[0]?.headers).not.toHaveProperty("upstash-schedule-id");
    const { messages } = await client.dlq.listMessages({ filter: { scheduleId } });
    expect(messages).toMatchObject([{ scheduleId }]);
    await client.dlq.retry(messages[0]?.dlqId ?? "");
    await until(() => destination.arrivals.length === 3);
    expect(destination.arrivals[2]?.headers).toMatchObject({ "upstash-schedule-id": scheduleId });
  });

  it("has its waiting messages cancelled by its id or its labels, and sends the next ones", async () => {
    const { client, destination, minute } = await startMinutes();
    const { url } = destination;
    const { scheduleId } = await client.schedules.create({
      destination: url,
      cron: minutely,
      delay: 90,
      label: ["a", "b"],
    });
    const { scheduleId: other } = await client.schedules.create({ destination: url, cron: minutely, delay: 90 });

    await minute();
    expect(await client.messages.cancel({ filter: { label: "b" } })).toEqual({ cancelled: 1 });
    expect(await client.messages.cancel({ filter: { scheduleId: other } })).toEqual({ cancelled: 1 });
    const { lastScheduleStates = {} } = await client.schedules.get(scheduleId);
    expect(Object.values(lastScheduleStates)).toEqual(["FAIL"]);
    await minute();
    expect((await client.logs()).logs).toHaveLength(2);
    expect(await client.messages.cancel({ filter: { scheduleId, label: "a" } })).toEqual({ cancelled: 1 });
    expect(destination.arrivals).toEqual([]);
  });

  it("sends each message although they are alike: deduplication and an instant are not for schedules", async () => {
    const { destination, minute, call } = await startMinutes();
    const headers = {
      "Upstash-Cron": minutely,
      "Upstash-Deduplication-Id": "once",
      "Upstash-Content-Based-Deduplication": "true",
      "Upstash-Not-Before": "4000000000",
    };
    await call("POST", `/v2/schedules/${destination.url}`, { headers });

    await minute();
    await minute();

    expect(destination.arrivals).toHaveLength(2);
  });

  it("hides what its publisher wants nobody to see, and sends it", async () => {
    const { client, destination, minute } = await startMinutes();
    const { scheduleId } = await client.schedules.create({
      destination: destination.url,
      cron: minutely,
      body: "secret body",
      headers: { "X-Secret": "secret header" },
      redact: { body: true, header: ["X-Secret"] },
    });

    expect(JSON.stringify(await client.schedules.get(scheduleId))).not.toContain("secret");
    await minute();
    expect(destination.arrivals).toMatchObject([{ body: "secret body", headers: { "x-secret": "secret header" } }]);
  });

  it("is created by settings in the query too, and paused and resumed by POST", async () => {
    const { call, client } = await startGateway();
    const created = await call("POST", `/v2/schedules/${nowhere}?upstash-cron=0+9+*+*+*&x=1&upstash-schedule-id=daily`);

    expect(await created.json()).toEqual({ scheduleId: "daily" });
    expect(await client.schedules.get("daily")).toMatchObject({ cron: "0 9 * * *", destination: `${nowhere}?x=1` });
    await call("POST", "/v2/schedules/daily/pause");
    expect((await client.schedules.get("daily")).isPaused).toBe(true);
    await call("POST", "/v2/schedules/daily/resume");
    expect((await client.schedules.get("daily")).isPaused).toBe(false);
  });
});

it.each([
  [nowhere, 400, "Upstash-Cron: a schedule needs one", {}],
  [nowhere, 400, '"every day" is no cron expression', { "Upstash-Cron": "every day" }],
  [nowhere, 400, '"Mars/Base" is no time zone', { "Upstash-Cron": "CRON_TZ=Mars/Base 0 9 * * *" }],
  [nowhere, 400, "is never due", { "Upstash-Cron": "0 0 31 4 *" }],
  [nowhere, 400, '"a b" is no name for a schedule', { "Upstash-Cron": minutely, "Upstash-Schedule-Id": "a b" }],
  [nowhere, 400, '".." is no name for a schedule', { "Upstash-Cron": minutely, "Upstash-Schedule-Id": ".." }],
  [nowhere, 400, '"." is no name for a queue', { "Upstash-Cron": minutely, "Upstash-Queue-Name": "." }],
  [nowhere, 400, '"a/b" is no name for a queue', { "Upstash-Cron": minutely, "Upstash-Queue-Name": "a/b" }],
  [nowhere, 400, "Upstash-Delay", { "Upstash-Cron": minutely, "Upstash-Delay": "soon" }],
  ["ftp://h/x", 400, 'destination: "ftp://h/x" must begin with http', { "Upstash-Cron": minutely }],
  ["", 400, "must begin with http", { "Upstash-Cron": minutely }],
  ["http://10.0.0.1/", 400, "may not push to http://10.0.0.1", { "Upstash-Cron": minutely }],
  ["my-group", 501, "URL group", { "Upstash-Cron": minutely }],
  [nowhere, 413, "longer than the 10 bytes", { "Upstash-Cron": minutely, "Content-Type": "long" }],
])("a schedule that cannot be is refused: %s %d %s", async (...[destination, status, reason, headers]) => {
  const { call, client } = await startGateway({ maxBody: 10, allow: ({ hostname }) => hostname !== "10.0.0.1" });
  const body = status === 413 ? "x".repeat(11) : "";

  const response = await call("POST", `/v2/schedules/${destination}`, { headers, body });

  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ error: expect.stringContaining(reason) });
  expect(await client.schedules.list()).toEqual([]);
});

function file(): string {
  const path = mkdtempSync(join(tmpdir(), "umbel-gateway-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return join(path, "gateway.db");
}

describe("times that went by while nothing ran", () => {
  it("are made up for by one message, at once", async () => {
    const database = file();
    const destination = await startDestination();
    const first = await startGateway({ database });
    await first.client.schedules.create({ destination: destination.url, cron: minutely });
    const later = first.now() + 3 * 86_400_000 + 30_000;
    await first.stop();

    const second = await startGateway({ database, now: () => later });
    await settled(second);

    expect(destination.arrivals).toHaveLength(1);
    const [schedule] = await second.client.schedules.list();
    expect(schedule).toMatchObject({ lastScheduleTime: later, nextScheduleTime: later + 30_000 });
  });

  it("are not forgotten when the schedule is created once more before they are made up for", async () => {
    const database = file();
    const destination = await startDestination();
    const first = await startGateway({ database });
    const schedule = { scheduleId: "s", destination: destination.url, cron: "0 * * * *" };
    await first.client.schedules.create({ ...schedule, body: "old" });
    const later = first.now() + 3_600_000;
    await first.stop();
    const keys = { token: "t", currentSigningKey: "sig_c", nextSigningKey: "sig_n" };
    const gateway = createPushGateway({ ...keys, database, now: () => later });
    onTestFinished(() => gateway.close());

    await createIn(gateway, destination.url, { "Upstash-Cron": "0 * * * *", "Upstash-Schedule-Id": "s" });
    await gateway.app.request("/v2/schedules/s/resume", { method: "PATCH", headers: { Authorization: "Bearer t" } });
    gateway.start();

    await until(() => destination.arrivals.length === 1);
    expect(destination.bodies()).toEqual(["new"]);
  });
});

function createIn(gateway: PushGateway, destination: string, headers: Readonly<Record<string, string>>) {
  const init = { method: "POST", headers: { Authorization: "Bearer t", ...headers }, body: "new" };
  return gateway.app.request(`/v2/schedules/${destination}`, init);
}

it("a clock that is put back sends no time twice", async () => {
  const { client, harness, destination, minute } = await startMinutes();
  await client.schedules.create({ destination: destination.url, cron: minutely });
  await minute();

  await pass(harness, -150);
  for (let passed = 0; passed < 150; passed += 30) await pass(harness, 30);
  expect(destination.arrivals).toHaveLength(1);
  await minute();

  expect(destination.arrivals).toHaveLength(2);
});

it("more schedules than are triggered at a time are due at once, and all send", async () => {
  const { client, destination, advance } = await startMinutes();
  await Promise.all(
    Array.from({ length: 250 }, (_, n) =>
      client.schedules.create({ destination: destination.url, cron: minutely, body: String(n) }),
    ),
  );

  advance(60);

  await until(() => destination.arrivals.length === 250);
  expect(new Set(destination.bodies()).size).toBe(250);
});

it("a time whose sending fails half-way leaves nothing behind, and is made up for once", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const real = openDatabase(":memory:");
  let isBroken = true;
  const database: Database = {
    ...real,
    prepare(sql) {
      const statement = real.prepare(sql);
      if (!sql.includes("SET next = ?2, last")) return statement;
      const run = statement.run.bind(statement);
      return Object.assign(statement, {
        run(...values: Parameters<typeof run>) {
          if (isBroken) throw new Error("the disk is gone");
          return run(...values);
        },
      });
    },
  };
  const destination = await startDestination();
  const { client, advance, log, now } = await startGateway({ database });
  await client.schedules.create({ destination: destination.url, cron: minutely });

  advance(60);
  await until(() => log.length === 1);
  expect(log[0]).toContain("cannot read what is due, trying again: Error: the disk is gone");
  expect((await client.logs()).logs).toEqual([]);
  isBroken = false;
  vi.advanceTimersByTime(5000);
  await until(() => destination.arrivals.length === 1);

  expect(await client.schedules.list()).toMatchObject([{ lastScheduleTime: now(), nextScheduleTime: now() + 60_000 }]);
  expect(destination.arrivals).toHaveLength(1);
});

it("a schedule whose zone is not known any more stops, says so once, and holds up no other", async () => {
  const database = openDatabase(":memory:");
  onTestFinished(() => database.close());
  const destination = await startDestination();
  const harness = await startGateway({ database });
  await harness.client.schedules.create({ scheduleId: "lost", destination: nowhere, cron: minutely, retries: 0 });
  await harness.client.schedules.create({ destination: destination.url, cron: minutely });
  database.prepare("UPDATE schedule SET cron = 'CRON_TZ=Lost/City * * * * *' WHERE id = 'lost'").run();

  await pass(harness, 60);
  await pass(harness, 60);

  expect(destination.arrivals).toHaveLength(2);
  const stops = harness.log.filter((line) => line.includes("the schedule lost stops"));
  expect(stops).toEqual([expect.stringContaining('"Lost/City" is no time zone')]);
  expect(await harness.client.schedules.get("lost")).not.toHaveProperty("nextScheduleTime");
  await harness.client.schedules.pause({ schedule: "lost" });
  const resumed = harness.client.schedules.resume({ schedule: "lost" });
  await expect(resumed).rejects.toMatchObject({ status: 400, message: expect.stringContaining("is no time zone") });
});

it("one timer stands while a schedule waits for its time, and none while it is paused or deleted", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const keys = { token: "t", currentSigningKey: "sig_c", nextSigningKey: "sig_n" };
  const gateway = createPushGateway({ database: ":memory:", ...keys });
  onTestFinished(() => gateway.close());
  const timersAfter = async (method: string, path: string): Promise<number> => {
    await gateway.app.request(path, { method, headers: { Authorization: "Bearer t" } });
    // What the request woke has set the timer when the next one is answered.
    await gateway.app.request("/v2/messages", { method: "DELETE", headers: { Authorization: "Bearer t" } });
    return vi.getTimerCount();
  };

  gateway.start();
  await createIn(gateway, nowhere, { "Upstash-Cron": "0 0 1 1 *", "Upstash-Schedule-Id": "yearly" });
  const timers = [await timersAfter("DELETE", "/v2/messages")];
  await createIn(gateway, nowhere, { "Upstash-Cron": minutely, "Upstash-Schedule-Id": "minutely" });
  timers.push(await timersAfter("PATCH", "/v2/schedules/minutely/pause"));
  timers.push(await timersAfter("PATCH", "/v2/schedules/yearly/pause"));
  timers.push(await timersAfter("PATCH", "/v2/schedules/yearly/resume"));
  timers.push(await timersAfter("DELETE", "/v2/schedules/yearly"));

  expect(timers).toEqual([1, 1, 0, 1, 0]);
});
