import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import { schema } from "../src/push/schema.ts";
import { type Database, openDatabase } from "../src/store/database.ts";
import { settled, startDestination, startGateway, statuses, token, until } from "./push-harness.ts";
import { kill, runtimes, startProcess } from "./gateway-process.ts";

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), "umbel-gateway-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

it("a gateway that is closed begins no delivery, and the next one makes it", async () => {
  const path = join(directory(), "gateway.db");
  const destination = await startDestination();
  const first = await startGateway({ database: path });
  const published = first.gateway.app.request(`/v2/publish/${destination.url}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
  });
  first.gateway.wake();
  await Promise.all([published, first.gateway.close()]);

  const second = await startGateway({ database: path });
  await settled(second);
  expect(destination.arrivals).toHaveLength(1);
});

describe("a gateway on the file of one that was closed", () => {
  it("delivers what waits, what was to be retried and what was being delivered", async () => {
    const database = join(directory(), "gateway.db");
    const destination = await startDestination((arrival, response, count) => {
      if (arrival.body === "retry" && count <= 3) response.writeHead(500).end();
      else if (arrival.body !== "active" || count > 3) response.end();
    });
    const first = await startGateway({ database });
    await first.client.publish({ url: destination.url, body: "later", delay: 60 });
    const retried = await first.client.publish({ url: destination.url, body: "retry" });
    const active = await first.client.publish({ url: destination.url, body: "active", deduplicationId: "once" });
    await until(() => first.log.length === 1 && destination.arrivals.length === 2);
    await first.stop();

    const second = await startGateway({ database });
    await until(() => destination.arrivals.length === 3);
    expect(destination.arrivals[2]).toMatchObject({
      body: "active",
      headers: { "upstash-message-id": active.messageId, "upstash-retried": "0" },
    });
    expect(await second.client.publish({ url: destination.url, deduplicationId: "once" })).toMatchObject({
      deduplicated: true,
    });

    second.advance(60);
    await until(() => destination.arrivals.length === 5);
    expect(destination.bodies().slice(3).toSorted()).toEqual(["later", "retry"]);
    expect(destination.arrivals.find(({ headers }) => headers["upstash-retried"] === "1")?.headers).toMatchObject({
      "upstash-message-id": retried.messageId,
    });
  });

  it("has forgotten what was cancelled in the middle of a delivery: the same is sent when it is submitted again", async () => {
    const database = join(directory(), "gateway.db");
    const destination = await startDestination((arrival, response) => void (arrival.body === "1" || response.end()));
    const first = await startGateway({ database });
    await first.client.publish({ url: destination.url, body: "1", deduplicationId: "once" });
    await until(() => destination.arrivals.length === 1);
    await first.client.messages.cancel({ all: true });
    await first.stop();

    const second = await startGateway({ database });
    await second.client.publish({ url: destination.url, body: "2", deduplicationId: "once" });
    await settled(second);

    expect(destination.bodies()).toEqual(["1", "2"]);
  });

  it("delivers first what a queue had begun, and no more at once than it may", async () => {
    const database = join(directory(), "gateway.db");
    const open: ServerResponse[] = [];
    const destination = await startDestination((_arrival, response) => void open.push(response));
    const first = await startGateway({ database });
    for (const body of ["1", "2"]) {
      await first.client.queue({ queueName: "line" }).enqueue({ url: destination.url, body });
    }
    await until(() => open.length === 1);
    await first.stop();

    const second = await startGateway({ database });
    await until(() => open.length === 2);
    await settled(second);
    expect(destination.bodies()).toEqual(["1", "1"]);
    open.at(-1)?.end();
    await until(() => destination.arrivals.length === 3);
    expect(destination.bodies()[2]).toBe("2");
  });

  it("has its queues, dead letters and rotated keys", async () => {
    const database = join(directory(), "gateway.db");
    const destination = await startDestination(statuses(500));
    const first = await startGateway({ database });
    await first.client.queue({ queueName: "line" }).upsert({ parallelism: 7, paused: true });
    await first.client.publish({ url: destination.url, body: "dead", retries: 0 });
    await until(() => first.log.length === 1);
    const rotated: unknown = await (await first.call("POST", "/v2/keys/rotate")).json();
    await first.stop();

    const { client, call } = await startGateway({ database });
    expect(await client.queue({ queueName: "line" }).get()).toMatchObject({ parallelism: 7, paused: true });
    expect((await client.dlq.listMessages()).messages).toMatchObject([{ body: "dead" }]);
    expect(await (await call("GET", "/v2/keys")).json()).toEqual(rotated);
  });

  it("delivers what an earlier version had kept", async () => {
    const path = join(directory(), "gateway.db");
    const destination = await startDestination();
    const { host } = new URL(destination.url);
    const old = openDatabase(path);
    old.migrate("push", schema.slice(0, 1));
    const draft = { url: destination.url, method: "POST", headers: {}, retries: 0, timeout: 60, delay: 0 };
    old
      .prepare(
        `INSERT INTO message (id, state, lane, due, created_at, not_before, host, path, draft, body)
          VALUES ('msg_old', 'CREATED', '', 0, 0, 0, ?, '/', ?, ?)`,
      )
      .run(host, JSON.stringify({ ...draft, labels: [], redact: [] }), Buffer.from("old"));
    old.close();

    await startGateway({ database: path });

    await until(() => destination.arrivals.length === 1);
    expect(destination.bodies()).toEqual(["old"]);
  });

  it("delivers what the version before had kept, within the limits of its queues and keys", async () => {
    const path = join(directory(), "gateway.db");
    const destination = await startDestination();
    const old = openDatabase(path);
    old.migrate("push", schema.slice(0, 3));
    const lane = old.prepare(
      `INSERT INTO lane (name, kind, parallelism, rate, period, window_start, window_count, first, created_at, updated_at)
        VALUES (?, ?, ?, ?, 10000, 1800000000000, 1, 1, 0, 0)`,
    );
    lane.run("queue:line", "queue", 1, null);
    lane.run("flow:slow", "flow", null, 2);
    const message = old.prepare(
      `INSERT INTO message (id, state, lane, due, created_at, not_before, host, path, draft, body)
        VALUES (?1, ?2, ?3, ?4, 1, 1, ?5, '/', ?6, CAST(?1 AS BLOB))`,
    );
    const draft = { url: destination.url, method: "POST", headers: {}, retries: 0, timeout: 60, delay: 0 };
    for (const [id, state, name] of [
      ["begun", "ACTIVE", "queue:line"],
      ["behind", "CREATED", "queue:line"],
      ["slow", "CREATED", "flow:slow"],
      ["slower", "CREATED", "flow:slow"],
    ] as const) {
      const due = state === "ACTIVE" ? null : 1;
      const { host } = new URL(destination.url);
      message.run(id, state, name, due, host, JSON.stringify({ ...draft, labels: [], redact: [] }));
    }
    old.close();

    const harness = await startGateway({ database: path });

    await until(() => destination.arrivals.length === 3);
    await settled(harness);
    expect(destination.bodies().filter((body) => body !== "slow")).toEqual(["begun", "behind"]);
    harness.advance(10);
    await until(() => destination.arrivals.length === 4);
    expect(destination.bodies()).toContain("slower");
  });

  it("signs with the keys that are configured, when those are new", async () => {
    const database = join(directory(), "gateway.db");
    const first = await startGateway({ database });
    await first.call("POST", "/v2/keys/rotate");
    await first.stop();

    const { gateway } = await startGateway({ database, currentSigningKey: "sig_new", nextSigningKey: "sig_newer" });
    expect(gateway.signingKeys()).toEqual({ current: "sig_new", next: "sig_newer" });
  });

  it("does not deliver what was cancelled while it was being delivered", async () => {
    const database = join(directory(), "gateway.db");
    const destination = await startDestination(() => {});
    const first = await startGateway({ database });
    const { messageId } = await first.client.publish({ url: destination.url });
    await until(() => destination.arrivals.length === 1);
    await first.client.messages.cancel(messageId);
    await first.stop();

    const second = await startGateway({ database });
    await until(async () => (await second.call("GET", `/v2/messages/${messageId}`)).status === 404);
    expect(destination.arrivals).toHaveLength(1);
  });
});

/** Lets the database grow by a few pages only. */
function fill(database: Database): void {
  const pages = database.prepare("PRAGMA page_count").get()?.["page_count"];
  database.prepare(`PRAGMA max_page_count = ${Number(pages) + 2}`).get();
}

function diskFull(): Promise<never> {
  return Promise.reject(Object.assign(new Error("database or disk is full"), { errcode: 13 }));
}

describe("a disk that is full", () => {
  it("keeps a gateway from recording a delivery only for as long as it is", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const real = openDatabase(":memory:");
    let full = false;
    const database: Database = {
      ...real,
      write: (work) => (full ? diskFull() : real.write(work)),
      apply: (work) => (full ? diskFull() : real.apply(work)),
      applyLast: (work) => (full ? diskFull() : real.applyLast(work)),
    };
    const destination = await startDestination((_arrival, response) => {
      full = true;
      response.end();
    });
    const { client, log, call } = await startGateway({ database });
    const { messageId } = await client.publish({ url: destination.url });

    await until(() => log.length === 2);
    expect(log.join("\n")).toMatch(/cannot record the delivery of msg_.+ is full\ncannot read what is due.+ is full/);
    expect((await call("POST", `/v2/publish/${destination.url}`)).status).toBe(503);
    full = false;
    vi.advanceTimersByTime(5000);

    await until(async () => (await call("GET", `/v2/messages/${messageId}`)).status === 404);
    expect(destination.arrivals).toHaveLength(1);
  });

  it("keeps nobody waiting for a retry that could only be recorded later", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const real = openDatabase(":memory:");
    let full = false;
    const database: Database = { ...real, apply: (work) => (full ? diskFull() : real.apply(work)) };
    const destination = await startDestination((_arrival, response) => {
      full = destination.arrivals.length === 1;
      response.statusCode = full ? 500 : 200;
      response.end();
    });
    const { client, log } = await startGateway({ database });
    await client.publish({ url: destination.url, body: "first", retryDelay: "0" });
    await until(() => log.length === 1);
    full = false;
    await client.publish({ url: destination.url, body: "second" });
    await until(() => destination.arrivals.length === 2);

    vi.advanceTimersByTime(5000);

    await until(() => destination.arrivals.length === 3);
    expect(destination.bodies()).toEqual(["first", "second", "first"]);
  });
});

describe("the database", () => {
  it("that finds no room on the disk says so to all that share the transaction, and keeps nothing of it", async () => {
    const database = openDatabase(":memory:");
    onTestFinished(() => database.close());
    database.migrate("test", ["CREATE TABLE filling (bytes BLOB)"]);
    const insert = database.prepare("INSERT INTO filling VALUES (?)");
    fill(database);

    const results = await Promise.allSettled(
      [10, 1_000_000, 10].map((size) => database.write(() => insert.run(Buffer.alloc(size)))),
    );

    expect(results.map((result) => result.status === "rejected" && String(result.reason))).toEqual(
      Array.from({ length: 3 }, () => expect.stringContaining("database or disk is full")),
    );
    expect(database.prepare("SELECT COUNT(*) AS count FROM filling").get()).toMatchObject({ count: 0 });
  });

  it("that is none says so, and not that another has it", () => {
    const path = join(directory(), "gateway.db");
    writeFileSync(path, "x".repeat(4096));

    expect(() => openDatabase(path)).toThrow(/gateway\.db cannot be opened: .*not a database/);
  });

  it("gives back what its journal took for a large write", async () => {
    const path = join(directory(), "gateway.db");
    const database = openDatabase(path);
    onTestFinished(() => database.close());
    database.migrate("test", ["CREATE TABLE filling (bytes BLOB)"]);
    const insert = database.prepare("INSERT INTO filling VALUES (?)");
    await database.write(() => {
      for (let count = 0; count < 20; count += 1) insert.run(Buffer.alloc(1_000_000));
    });
    await database.write(() => insert.run(Buffer.alloc(1)));

    expect(statSync(`${path}-wal`).size).toBeLessThan(17_000_000);
  });

  it("can be read by its owner only, and be open in one process only", () => {
    const path = join(directory(), "deep", "gateway.db");
    const database = openDatabase(path);
    onTestFinished(() => database.close());

    expect([path, `${path}-wal`].map((file) => (statSync(file).mode & 0o777).toString(8))).toEqual(["600", "600"]);
    expect(() => openDatabase(path)).toThrow(
      "is another gateway using it? Stop that one, or name another folder (--data)",
    );
  });

  it("writes together what waits together; a work that throws undoes itself alone", async () => {
    const database = openDatabase(":memory:");
    database.migrate("test", ["CREATE TABLE number (n INTEGER PRIMARY KEY)"]);
    const insert = database.prepare("INSERT INTO number VALUES (?)");

    const results = await Promise.allSettled([
      database.write(() => insert.run(1).changes),
      database.write(() => {
        insert.run(2);
        throw new Error("no");
      }),
      database.write(() => insert.run(3).changes),
    ]);

    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(
      database
        .prepare("SELECT n FROM number")
        .all()
        .map((row) => row["n"]),
    ).toEqual([1, 3]);
    database.close();
  });

  it("writes what waits when it is closed", async () => {
    const path = join(directory(), "gateway.db");
    const first = openDatabase(path);
    first.migrate("test", ["CREATE TABLE number (n INTEGER PRIMARY KEY)"]);
    const insert = first.prepare("INSERT INTO number VALUES (1)");
    const written = first.write(() => insert.run());
    first.close();
    await written;

    const second = openDatabase(path);
    expect(second.prepare("SELECT COUNT(*) AS count FROM number").get()).toMatchObject({ count: 1 });
    second.close();
  });

  it("brings tables up to date step by step, and refuses those of a newer version", () => {
    const database = openDatabase(":memory:");
    const create = "CREATE TABLE number (n INTEGER)";
    database.migrate("test", [create]);
    database.migrate("test", [create, "ALTER TABLE number ADD COLUMN m INTEGER"]);

    expect(database.prepare("SELECT n, m FROM number").all()).toEqual([]);
    expect(() => database.migrate("test", [create])).toThrow('The data of "test" was written by a newer version');
    database.close();
  });
});

describe.each(runtimes)("a gateway on %s that is killed with kill -9", (runtime) => {
  it("delivers again at the next start what was being delivered", async () => {
    const data = directory();
    let answering = false;
    const destination = await startDestination((_arrival, response) => void (answering && response.end()));
    const first = await startProcess(runtime, data);
    const { messageId } = await first.client.publish({ url: destination.url, body: "work" });
    await until(() => destination.arrivals.length === 1);
    await kill(first);

    answering = true;
    const second = await startProcess(runtime, data);
    await until(() => destination.arrivals.length === 2);
    expect(destination.arrivals[1]).toMatchObject({ body: "work", headers: { "upstash-message-id": messageId } });
    await until(
      () =>
        second.client.messages.get(messageId).then(
          () => false,
          () => true,
        ),
      "it is delivered",
    );
  });

  it("loses nothing that it has accepted, and keeps no batch in part", async () => {
    const data = directory();
    const destination = await startDestination();
    const first = await startProcess(runtime, data);
    const accepted: number[] = [];
    const size = 5;
    const publish = async (batch: number): Promise<void> => {
      const requests = Array.from({ length: size }, (_, n) => ({ url: destination.url, body: `${batch}.${n}` }));
      await first.client.batch(requests);
      accepted.push(batch);
    };
    const published = Promise.allSettled(Array.from({ length: 200 }, (_, batch) => publish(batch)));
    await until(() => accepted.length >= 20);
    await kill(first);
    await published;

    await startProcess(runtime, data);
    const arrived = (batch: number): number =>
      new Set(destination.bodies().filter((body) => body.startsWith(`${batch}.`))).size;
    await until(() => accepted.every((batch) => arrived(batch) === size), "all that was accepted has arrived");
    const isWhole = (batch: number): boolean => arrived(batch) === 0 || arrived(batch) === size;
    await until(() => Array.from({ length: 200 }, (_, batch) => batch).every(isWhole), "no batch has arrived in part");
    expect(accepted.every((batch) => arrived(batch) === size)).toBe(true);
  });
});
