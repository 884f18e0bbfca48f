import type { BrokerDeskHarness, PushReply, ReceivedPush } from "@umbel/conformance";
import { describeBroker, describeBrokerDesk } from "@umbel/conformance";
import type { MemoryBrokerOptions, MemoryPush } from "@umbel/memory";
import { deskInMemory, memoryBroker } from "@umbel/memory";
import type { Publication } from "@umbel/protocol";
import { decodePush } from "@umbel/protocol";
import { describe, expect, it } from "vitest";

const start = Date.UTC(2026, 0, 1);

describeBroker("memory", () => harness());
describeBrokerDesk("memory", () => harness());

describe("the desk of a memory broker", () => {
  it("is the same for everyone, and nothing of another adapter's", () => {
    const broker = memoryBroker();

    expect(deskInMemory({ ...broker })).toBe(deskInMemory(broker));
    expect(deskInMemory(broker)).toMatchObject({ name: "memory" });
    expect(deskInMemory({ ...broker, name: "qstash" })).toBeUndefined();
  });

  it("tells what was thrown where there was no answer", async () => {
    const { broker, jump } = open({ retries: 1, deliver: () => Promise.reject(new Error("connection reset")) });
    await broker.publish([publication("lost")]);

    await broker.drain(jump);

    const { messages } = await broker.desk.dead({ limit: 10 });
    expect(messages).toMatchObject([{ status: 0, reason: "connection reset", queue: "default" }]);
  });

  it("tells nothing of an answer that somebody else has read", async () => {
    const answer = new Response("refused", { status: 489 });
    await answer.text();
    const { broker, jump } = open({ deliver: () => answer });
    await broker.publish([publication("read")]);

    await broker.drain(jump);

    expect(await broker.desk.dead({ limit: 10 })).toMatchObject({ messages: [{ status: 489, reason: "" }] });
  });
});

describe("a memory broker", () => {
  it("delivers what is due, in the order in which it is due, when it is told to", async () => {
    const { broker, ids, jump } = open();
    await broker.publish([
      publication("b", { notBefore: start + 2000 }),
      publication("a", { notBefore: start + 1000 }),
    ]);
    await broker.publish([publication("now")]);

    expect(await broker.drain()).toBe(1);
    expect(broker.waiting.map(({ taskId }) => taskId)).toEqual(["b", "a"]);
    expect(await broker.drain(jump)).toBe(2);
    expect(await ids()).toEqual(["now", "a", "b"]);
  });

  it("delivers the message that is chosen of those that are due, and refuses any other", async () => {
    const { broker, ids } = open();
    await broker.publish([publication("a"), publication("b"), publication("later", { notBefore: start + 1000 })]);
    const [, , later] = broker.waiting;

    await expect(broker.deliverNext(([first]) => later ?? first)).rejects.toThrow(RangeError);
    await expect(broker.deliverNext(([first]) => ({ ...first }))).rejects.toThrow(RangeError);
    await broker.deliverNext(([first, second = first]) => second);

    expect(await ids()).toEqual(["b"]);
    expect(broker.waiting.map(({ taskId }) => taskId)).toEqual(["a", "later"]);
  });

  it("delivers what a delivery publishes in the same drain", async () => {
    const { broker, ids } = open({
      async deliver(push) {
        if (push.body.includes('"first"')) await broker.publish([publication("second")]);
        return new Response(null);
      },
    });
    await broker.publish([publication("first")]);

    expect(await broker.drain()).toBe(2);
    expect(await ids()).toEqual(["first", "second"]);
  });

  it("passes about a day of retries in no time, then the failure callback's, and keeps both", async () => {
    const { broker, now, pushes, jump } = open({ deliver: () => new Response(null, { status: 503 }) });
    await broker.publish([publication("never", { queue: "mail" })]);

    expect(await broker.drain(jump)).toBe(62);
    expect(pushes.filter(({ queue }) => queue === "mail")).toHaveLength(31);
    expect((now() - start) / 1000).toBe(2 * broker.traits.retryHorizon);
    expect(broker.traits.retryHorizon).toBeGreaterThan(21 * 3600);
    expect(broker.deadLetters).toMatchObject([
      { taskId: "never", queue: "mail", status: 503 },
      { taskId: "never", queue: undefined, status: 503 },
    ]);
  });

  it("takes a throw for a lost connection, and keeps what was thrown", async () => {
    const error = new Error("connection reset");
    const { broker, jump } = open({ retries: 0, deliver: () => Promise.reject(error) });
    await broker.publish([publication("lost")]);

    await broker.drain(jump);

    expect(broker.deadLetters[0]).toMatchObject({ status: 0, error });
  });

  it("has no more deliveries of a key open than its parallelism says, and tells when the next one may begin", async () => {
    const answers: (() => void)[] = [];
    const { broker, ids, jump } = open({
      deliver: () => new Promise((resolve) => void answers.push(() => resolve(new Response(null)))),
    });
    const flowControl = { key: "account", parallelism: 2, rate: 3, period: 60 };
    await broker.publish(["a", "b", "c", "d"].map((id) => publication(id, { flowControl })));

    const [a, b] = [broker.deliverNext(), broker.deliverNext()];
    expect([await broker.deliverNext(), broker.nextDelivery()]).toEqual([false, undefined]);
    await expect.poll(() => answers).toHaveLength(2);
    answers[0]?.(); // Whichever of the two was signed first.
    await Promise.race([a, b]);
    expect(broker.nextDelivery()).toBe(start);
    const c = broker.deliverNext();
    await expect.poll(() => answers).toHaveLength(3);
    for (const answer of answers) answer();
    await Promise.all([a, b, c]);

    expect([await broker.deliverNext(), broker.nextDelivery()]).toEqual([false, start + 60_000]);
    jump(start + 60_000);
    void broker.deliverNext();
    await expect.poll(async () => (await ids()).toSorted()).toEqual(["a", "b", "c", "d"]);
  });

  it("waits as long as its schedule says when the worker does not", async () => {
    const { broker, now, jump } = open({ retries: 2, retryDelay: (retried) => 10 + retried, deliver: refuse });
    await broker.publish([publication("slow")]);
    const dueAt: number[] = [];

    await broker.drain((instant) => {
      if (dueAt.length < 2) dueAt.push(instant - now());
      jump(instant);
    });

    expect(dueAt).toEqual([10_000, 11_000]);
  });

  it("escapes the name of a queue", async () => {
    const { broker, pushes } = open();
    await broker.publish([publication("at home", { queue: "a b" })]);

    await broker.drain();

    expect(pushes[0]?.url).toBe("http://127.0.0.1:8787/q/a%20b");
  });

  it("pushes what fetch takes", async () => {
    const { broker, pushes } = open();
    await broker.publish([publication("request")]);
    await broker.drain();

    const [push] = pushes;
    const request = new Request(push?.url ?? "", push);

    expect(request.method).toBe("POST");
    expect((await decodePush(await request.text())).headers.id).toBe("request");
  });

  it("refuses what another broker has signed", async () => {
    const { broker, pushes } = open();
    await broker.publish([publication("signed")]);
    await broker.drain();
    const [push] = pushes;
    const signed = { headers: push?.headers ?? {}, body: push?.body ?? "", urls: [push?.url ?? ""], isLocal: true };

    await expect(memoryBroker().verify(signed)).rejects.toMatchObject({ code: "SIGNATURE" });
    await expect(broker.verify(signed)).resolves.toBeUndefined();
  });

  it("says what is missing when it has nobody to deliver to", async () => {
    const broker = memoryBroker();
    await broker.publish([publication("nowhere")]);

    await expect(broker.drain()).rejects.toMatchObject({ code: "IMPROPERLY_CONFIGURED" });
  });

  it("takes back a great many at once, in a time that grows as they do, and takes each anew", async () => {
    const { broker } = open({ traits: { maxBatch: 20_000 } });
    const many = Array.from({ length: 10_000 }, (_, nth) => publication(`held-${nth}`, { notBefore: start + 60_000 }));
    await broker.publish(many);

    const began = performance.now();
    await broker.cancel(many.map(({ message }) => message.headers.id));

    expect(performance.now() - began).toBeLessThan(2000); // It takes 0.1 s; looking through all for each took 5.
    expect(await broker.publish(many.slice(0, 1))).toMatchObject([{ deduplicated: false }]);
  });

  it("claims the traits that it is told to claim", () => {
    expect(memoryBroker({ traits: { maxBatch: 3, cancel: false } }).traits).toMatchObject({
      maxBatch: 3,
      cancel: false,
      delay: true,
    });
  });
});

function harness(): BrokerDeskHarness {
  let now = start;
  let reply: (push: ReceivedPush) => PushReply | Promise<PushReply> = ok;
  const pushes: ReceivedPush[] = [];
  const broker = memoryBroker({
    now: () => now,
    targets: ["http://127.0.0.1:8787/abroad"],
    async deliver(push) {
      pushes.push(push);
      const { body = null, ...answer } = await reply(push);
      return new Response(body, answer);
    },
  });

  return {
    broker,
    desk: broker.desk,
    pushes,
    answer: (next) => void (reply = next),
    now: () => now,
    async pass(seconds) {
      await broker.drain();
      now += seconds * 1000;
      await broker.drain();
    },
  };
}

function ok(): PushReply {
  return { status: 200 };
}

function refuse(): Response {
  return new Response(null, { status: 500 });
}

function open({ deliver = () => new Response(null), ...options }: MemoryBrokerOptions = {}) {
  let now = start;
  const pushes: MemoryPush[] = [];
  const broker = memoryBroker({
    now: () => now,
    deliver(push) {
      pushes.push(push);
      return deliver(push);
    },
    ...options,
  });
  return {
    broker,
    pushes,
    now: () => now,
    jump: (instant: number) => void (now = instant),
    ids: () => Promise.all(pushes.map(async ({ body }) => (await decodePush(body)).headers.id)),
  };
}

function publication(id: string, about: Partial<Publication> = {}): Publication {
  const message = { headers: { task: "shop.add", id }, properties: {}, body: [[], {}, null] } as const;
  return { message, queue: "default", deduplicationId: id, ...about };
}
