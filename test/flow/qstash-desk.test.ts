/** What operators ask of QStash, before a real gateway; its API says what came of it. */

import type {
  AcceptedMessage,
  BrokerDesk,
  DeadMessage,
  HeldMessage,
  MessagePage,
  MessageQuery,
  Publication,
} from "@umbel/protocol";
import { describeBrokerDesk } from "@umbel/conformance";
import type { ServedGateway } from "@umbel/gateway";
import { qstash, qstashDesk, withPushes } from "@umbel/qstash";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Endpoint, startEndpoint } from "../endpoint.ts";
import { openGateway } from "../gateway.ts";
import { passRealTime } from "../real-time.ts";
import { until } from "../until.ts";

const hour = 3_600_000;

describe("before the embedded gateway", () => {
  let gateway: ServedGateway;
  beforeAll(async () => void (gateway = await openGateway()));
  afterAll(() => gateway.close());

  describeBrokerDesk("qstash", async () => {
    const endpoint = await startEndpoint();
    const settings: Readonly<Record<string, string>> = { ...gateway.variables, UMBEL_WORKER_URL: endpoint.url };
    const broker = qstash()((name) => settings[name]);
    return {
      ...endpoint,
      broker: withPushes(broker),
      desk: qstashDesk(broker),
      now: Date.now,
      pass: passRealTime,
    };
  });
});

it("shows what waits, what is due and what is being delivered, each as it was published", async () => {
  const { desk, broker, endpoint, url } = await start();
  const { promise: released, resolve: release } = Promise.withResolvers<{ status: number }>();
  endpoint.answer(() => released);
  onTestFinished(() => release({ status: 200 }));
  const notBefore = Math.ceil(Date.now() / 1000) * 1000 + hour;
  await broker.publish([publication("now"), publication("later", { queue: "a mail/æ", notBefore })]);
  await until(() => endpoint.pushes.length === 1);

  const [later, now, ...others] = await allOf(desk, {});

  expect(others).toEqual([]);
  expect(now).toMatchObject({ queue: "default", target: url, isOpen: true, retried: 0 });
  expect(later).toMatchObject({ queue: "a mail/æ", target: url, isOpen: false, retried: 0, notBefore });
  expect(now).not.toHaveProperty("notBefore");
  expect(JSON.parse(later?.body ?? "")).toMatchObject({ headers: { id: "later" } });
});

it("shows when what has failed is sent again, and how often it has failed", async () => {
  const { desk, broker, endpoint } = await start();
  endpoint.answer(() => ({ status: 503, headers: { "retry-after": "1800" } }));
  await broker.publish([publication("a")]);

  await until(async () => (await allOf(desk, {})).some(({ retried }) => retried === 1));
  const [message] = await allOf(desk, {});

  expect(message).toMatchObject({ isOpen: false, retried: 1 });
  expect((message?.notBefore ?? 0) - (message?.createdAt ?? 0)).toBeGreaterThan(1_700_000);
});

it("finds messages by their tasks and by their queues, also by those whose names a URL has to escape", async () => {
  const { desk, broker } = await start({ path: "/umbel" });
  const notBefore = Date.now() + hour;
  await broker.publish([
    publication("a", { queue: "mail", notBefore }),
    publication("b", { queue: "mail", notBefore }),
    publication("c", { queue: "a/ æ", notBefore }),
    publication("an id of æ", { notBefore }),
  ]);

  expect(await idsOf(desk, { queues: ["mail"] })).toEqual(["b", "a"]);
  expect(await idsOf(desk, { queues: ["a/ æ", "none"] })).toEqual(["c"]);
  expect(await idsOf(desk, { ids: ["a", "an id of æ", "none"] })).toEqual(["an id of æ", "a"]);
  expect(await idsOf(desk, { ids: ["a", "c"], queues: ["mail"] })).toEqual(["a"]);
  expect(await idsOf(desk, { ids: [] })).toEqual([]);
  expect(await idsOf(desk, { queues: [] })).toEqual([]);
});

it("goes from page to page without leaving a message out or showing it twice, in few calls", async () => {
  const { desk, broker } = await start();
  const ids = Array.from({ length: 130 }, (_, at) => `task-${at}`);
  // What one publish sends in several calls arrives side by side: only calls made one after the other have an order.
  for (const part of [ids.slice(0, 65), ids.slice(65)])
    await broker.publish(part.map((id) => publication(id, { notBefore: Date.now() + hour })));

  const listed = await idsOf(desk, { limit: 50 });
  const asked = await idsOf(desk, { ids, limit: 40 });

  expect(listed).toEqual(ids.toReversed());
  expect(asked.toSorted()).toEqual(ids.toSorted());
});

it("leaves out what others have published on the same account, and the callbacks of ours", async () => {
  const { desk, broker, api, url } = await start();
  await broker.publish([publication("ours", { notBefore: Date.now() + hour })]);
  await api("POST", `publish/${url}/hook`, "theirs");
  await api("POST", `publish/${url}/failed`, "{}");
  await api("POST", `publish/${url}/q/default`, new Uint8Array([0xff, 0xfe]));

  expect(await idsOf(desk, {})).toEqual(["ours"]);
});

it("takes accepted messages back, hundreds at once", async () => {
  const { desk, broker } = await start();
  const ids = Array.from({ length: 120 }, (_, at) => `task-${at}`);
  await broker.publish(ids.map((id) => publication(id, { notBefore: Date.now() + hour })));
  const messageIds = (await allOf(desk, {})).map(({ messageId }) => messageId);

  expect(await desk.discard(messageIds.slice(1))).toBe(119);
  expect(await desk.discard(messageIds)).toBe(1);
  expect(await desk.discard(messageIds)).toBe(0);
  expect(await idsOf(desk, {})).toEqual([]);
});

it("shows what was given up, and why, page by page", async () => {
  const { desk, broker, endpoint, url } = await start({ retries: 0 });
  const before = Date.now();
  await giveUp(endpoint, () => broker.publish(["a", "b", "c"].map((id) => publication(id, { queue: `to-${id}` }))));

  const [letter, ...others] = await deadOf(desk, { ids: ["a", "none"] });

  expect(others).toEqual([]);
  expect(letter).toMatchObject({ queue: "to-a", target: url, status: 500, reason: "" });
  const { createdAt = 0, diedAt = 0, body = "" } = letter ?? {};
  expect([before, createdAt, diedAt].toSorted((one, other) => one - other)).toEqual([before, createdAt, diedAt]);
  expect(JSON.parse(body)).toMatchObject({ headers: { id: "a" } });
  expect(await deadOf(desk, { queues: ["to-b", "to-c"] })).toHaveLength(2);
  expect((await deadOf(desk, { limit: 2 })).map(({ queue }) => queue).toSorted()).toEqual(["to-a", "to-b", "to-c"]);
});

it("sends dead letters once more as they were, and deletes them", async () => {
  const { desk, broker, endpoint } = await start({ retries: 0 });
  await giveUp(endpoint, () => broker.publish(["a", "b", "c"].map((id) => publication(id))));
  const letters = await deadOf(desk, {});
  const [first, ...rest] = letters.map(({ letterId }) => letterId);
  endpoint.answer(() => ({ status: 200 }));
  const before = endpoint.pushes.length;

  expect(await desk.bury(rest)).toBe(2);
  expect(await desk.resend([first ?? ""])).toBe(1);
  await until(() => endpoint.pushes.length === before + 1);

  expect(endpoint.pushes.at(-1)?.body).toBe(letters[0]?.body);
  expect(await desk.resend([first ?? ""])).toBe(0);
  expect(await desk.bury([first ?? ""])).toBe(0);
  expect(await deadOf(desk, {})).toEqual([]);
});

it("pins the limits of a key against what publications say, and takes them off again", async () => {
  const { desk, broker, api } = await start();
  const publish = async (id: string, parallelism: number) =>
    await broker.publish([
      publication(id, { flowControl: { key: "a key æ", parallelism, rate: 5 }, notBefore: Date.now() + hour }),
    ]);
  await publish("a", 1);
  const shown = async () => await api("GET", "flowControl");

  await desk.pin("a key æ", { rate: 3, period: 60, parallelism: 2 });
  await publish("b", 7);
  expect(await shown()).toMatchObject([
    {
      rateMax: 3,
      ratePeriod: 60,
      parallelismMax: 2,
      isPinnedRate: true,
      isPinnedParallelism: true,
    },
  ]);

  await desk.pin("a key æ", { rate: 4 });
  await publish("c", 8);
  expect(await shown()).toMatchObject([
    {
      rateMax: 4,
      ratePeriod: 1,
      parallelismMax: 8,
      isPinnedRate: true,
      isPinnedParallelism: false,
    },
  ]);

  await desk.pin("a key æ", undefined);
  await desk.pin("nobody's", undefined);
  await publish("d", 9);
  expect(await shown()).toMatchObject([
    {
      rateMax: 5,
      parallelismMax: 9,
      isPinnedRate: false,
      isPinnedParallelism: false,
    },
  ]);
});

it("is there for QStash only, throws as publishing does, and refuses a cursor of another list", async () => {
  const { desk, broker } = await start();
  const wrong = qstash({ url: "http://127.0.0.1:1", token: "a" })(() => undefined);

  expect(qstashDesk({ ...broker, name: "memory" })).toBeUndefined();
  await expect(qstashDesk(wrong).accepted({ limit: 1 })).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE" });
  await expect(desk.accepted({ limit: 1, cursor: "nonsense" })).rejects.toMatchObject({ code: "BROKER_REJECTED" });
  await expect(desk.dead({ limit: 1, cursor: "1:2" })).rejects.toMatchObject({ code: "BROKER_REJECTED" });
  expect(Object.keys(desk)).not.toContain("opening");
});

async function start({ path = "", ...options }: { path?: string; retries?: number } = {}) {
  const gateway = await openGateway();
  const endpoint = await startEndpoint();
  onTestFinished(async () => {
    await gateway.close();
    await endpoint.stop();
  });
  const settings: Readonly<Record<string, string>> = {
    ...gateway.variables,
    UMBEL_WORKER_URL: `${endpoint.url}${path}`,
  };
  const broker = qstash(options)((name) => settings[name]);
  const headers = { Authorization: `Bearer ${settings["QSTASH_TOKEN"]}`, "Upstash-Delay": "1h" };
  const api = async (method: string, call: string, body?: string | Uint8Array<ArrayBuffer>): Promise<unknown> =>
    await (await fetch(`${gateway.url}/v2/${call}`, { method, headers, ...(body !== undefined && { body }) })).json();
  return { broker, api, desk: qstashDesk(broker), endpoint, url: endpoint.url };
}

function publication(id: string, about: Partial<Publication> = {}): Publication {
  const message = { headers: { task: "shop.add", id }, properties: {}, body: [[1], {}, null] } as const;
  return { message, queue: "default", deduplicationId: `${id}.0.0`, ...about };
}

/** Has three messages fail for good; their failure callbacks are answered. */
async function giveUp(endpoint: Endpoint, publish: () => Promise<unknown>): Promise<void> {
  let told = 0;
  endpoint.answer(({ url }) => {
    if (!url.endsWith("/failed")) return { status: 500 };
    told += 1;
    return { status: 200 };
  });
  await publish();
  await until(() => told === 3);
}

async function allOf(desk: BrokerDesk, query: Partial<MessageQuery>): Promise<readonly AcceptedMessage[]> {
  return await pagesOf((asked) => desk.accepted(asked), query);
}

async function deadOf(desk: BrokerDesk, query: Partial<MessageQuery>): Promise<readonly DeadMessage[]> {
  return await pagesOf((asked) => desk.dead(asked), query);
}

async function pagesOf<Message extends HeldMessage>(
  ask: (query: MessageQuery) => Promise<MessagePage<Message>>,
  query: Partial<MessageQuery>,
): Promise<readonly Message[]> {
  const { limit = 100 } = query;
  const all: Message[] = [];
  let page = await ask({ ...query, limit });
  for (;;) {
    expect(page.messages.length).toBeLessThanOrEqual(limit);
    all.push(...page.messages);
    if (page.cursor === undefined) return all;
    page = await ask({ ...query, limit, cursor: page.cursor });
  }
}

async function idsOf(desk: BrokerDesk, query: Partial<MessageQuery>): Promise<readonly string[]> {
  return (await allOf(desk, query)).map(({ body }) => String(JSON.parse(body).headers.id));
}
