import { describe, expect, it } from "vitest";

import { createPlaces } from "../src/push/places.ts";
import type { Services } from "../src/push/services.ts";
import { openDatabase } from "../src/store/database.ts";
import { startDestination, startGateway, statuses, until } from "./push-harness.ts";
import { openMemory } from "./push-stores.ts";

const draft = {
  url: "http://worker.example/",
  method: "POST",
  headers: {},
  retries: 3,
  timeout: 60,
  delay: 0,
  labels: [],
  redact: [],
};

describe("the places for deliveries", () => {
  it.each([
    { free: 1, open: {}, taken: 1 },
    { free: 8, open: {}, taken: 4 },
    { free: 8, open: { host: 4 }, taken: 2 },
    { free: 8, open: { host: 8 }, taken: 0 },
    { free: 0, open: {}, taken: 0 },
  ])("let one host have as many as are left free: %j", ({ free, open, taken }) => {
    const places = createPlaces(free, new Map(Object.entries(open)));
    expect(places.freeFor("host")).toBe(taken);

    const takes = Array.from({ length: 20 }, () => places.take("host"));

    expect(takes.filter((each) => each)).toHaveLength(taken);
    expect(places.free()).toBe(free - taken);
  });
});

describe("a destination that does not answer", () => {
  it.each([
    { what: "messages", of: () => ({}) },
    { what: "flow-control keys", of: (n: number) => ({ flowControl: { key: `key-${n}`, rate: 1 } }) },
    { what: "queues", of: (n: number) => ({ queueName: `queue-${n}` }) },
  ])("holds up no other, with however many $what", async ({ of }) => {
    const silent = await startDestination(() => {});
    const other = await startDestination();
    const { client } = await startGateway({ concurrency: 8 });
    await client.batch(Array.from({ length: 30 }, (_, n) => ({ url: silent.url, ...of(n) })));
    await until(() => silent.arrivals.length === 4);

    await client.batch(Array.from({ length: 30 }, () => ({ url: other.url })));

    await until(() => other.arrivals.length === 30);
    expect(silent.arrivals).toHaveLength(4);
  });

  it("leaves places for more when a second one does not answer either", async () => {
    const [one, two, other] = [
      await startDestination(() => {}),
      await startDestination(() => {}),
      await startDestination(),
    ];
    const { client } = await startGateway({ concurrency: 9 });
    for (const { url } of [one, two]) await client.batch(Array.from({ length: 9 }, () => ({ url })));

    await until(() => one.arrivals.length + two.arrivals.length >= 7);
    await client.batch(Array.from({ length: 9 }, () => ({ url: other.url })));

    await until(() => other.arrivals.length === 9);
    expect([one.arrivals.length, two.arrivals.length]).toEqual([5, 2]);
  });
});

/** Takes what is due: the bodies, and when to look again. */
function look({ claim, open }: Services, now: number, capacity = 8): unknown {
  const { messages, next } = claim(now, capacity, true);
  for (const message of messages) open.begin(message);
  return [...messages.map(({ body }) => new TextDecoder().decode(body)), next];
}

describe("a look for what is due", () => {
  it("asks for no instant while only the end of a delivery can make room", () => {
    const services = openMemory();
    const flow = { key: "k", parallelism: 1, rate: 10, period: 1 };
    for (const body of ["a", "b"])
      services.messages.accept({ draft: { ...draft, flow }, body: Buffer.from(body) }, 1000);

    expect([look(services, 1000), look(services, 5000)]).toEqual([["a", undefined], [undefined]]);
  });

  it("asks for the instant of a queue's retry, though what is due already waits behind it", () => {
    const services = openMemory();
    const { messages, open } = services;
    for (const body of ["a", "b"])
      messages.accept({ draft: { ...draft, queue: "line" }, body: Buffer.from(body) }, 1000);
    const [a] = services.claim(1000, 8, true).messages;
    expect(look(services, 1000)).toEqual([undefined]);
    messages.retrying(a?.id ?? "", 3000, { status: 503, headers: {}, body: Buffer.from("") });
    if (a) open.end(a);

    expect([look(services, 1000), look(services, 3000)]).toEqual([[3000], ["a", undefined]]);
  });

  it("asks for the end of the period when the rate is used up", () => {
    const services = openMemory();
    const flow = { key: "k", rate: 1, period: 1 };
    for (const body of ["a", "b"])
      services.messages.accept({ draft: { ...draft, flow }, body: Buffer.from(body) }, 1000);

    expect([look(services, 1000), look(services, 1500)]).toEqual([["a", 2000], [2000]]);
    expect(look(services, 2000)).toContain("b");
  });

  it("lets no message of a queue overtake one whose destination has no place left", () => {
    const services = openMemory();
    const { messages, queues, open } = services;
    const publish = (body: string, host: string, queue?: string): string =>
      messages.accept(
        { draft: { ...draft, url: `http://${host}/`, ...(queue !== undefined && { queue }) }, body: Buffer.from(body) },
        1000,
      ).messageId;
    queues.upsert({ name: "wide", parallelism: 2, paused: false }, 0);
    const full = [publish("a", "full"), publish("b", "full")].flatMap((id) => messages.pending(id) ?? []);
    expect(look(services, 1000, 4)).toEqual(["a", "b", undefined]);
    publish("first", "full", "wide");
    publish("second", "other", "wide");

    expect(look(services, 1000, 2)).toEqual([undefined]);
    for (const message of full) {
      messages.delivered(message);
      open.end(message);
    }
    expect(look(services, 1000, 4)).toEqual(["first", "second", undefined]);
  });

  it("can be made however many flow-control keys have something waiting", () => {
    const { database, claim } = openMemory();
    const numbers = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 150000)";
    database
      .prepare(
        `${numbers} INSERT INTO lane (name, kind, rate, first, created_at, updated_at)
          SELECT n, 'flow', 1, 5000, 0, 0 FROM number`,
      )
      .run();
    database
      .prepare(
        `${numbers} INSERT INTO message (id, state, lane, due, created_at, not_before, host, path, draft)
          SELECT n, 'CREATED', n, 5000, 0, 0, 'host', '/', '{}' FROM number`,
      )
      .run();

    expect(claim(1000, 8, true)).toEqual({ messages: [], next: 5000, crowded: false });
  });
});

it("a flow-control key or a host for which nothing is left to do is forgotten when another comes", async () => {
  const destination = await startDestination(statuses(200, 200, 500));
  const database = openDatabase(":memory:");
  const { client, advance, log } = await startGateway({ database });
  const lanes = (): unknown[] => database.prepare("SELECT name FROM lane ORDER BY name").all();
  const publish = (key: string): Promise<unknown> =>
    client.publish({ url: destination.url, flowControl: { key, rate: 5 } });
  await publish("delivered");
  await client.publish({ url: destination.url });
  await until(() => destination.arrivals.length === 2);
  await publish("waiting");
  await until(() => log.length === 1);
  advance(60);

  await publish("new");

  expect(lanes()).toEqual([{ name: "flow:new" }, { name: "flow:waiting" }]);
});
