/**
 * Publishing: each message once, or an answer that says why not (delivery.md 3, 4).
 *
 * @module
 */

import { decodePush } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import type { StartBroker } from "./broker-harness.ts";
import { onlyPushOf, openBroker, pushesOf } from "./broker-harness.ts";
import { messageOf, newId, publicationOf } from "./requests.ts";

/** Tests `publish` and `cancel`. */
export function describePublishing(start: StartBroker): void {
  describe("publish", () => {
    it("pushes a message to the worker of its queue, as it is", async () => {
      const harness = await openBroker(start);
      const message = messageOf(newId(), { body: [["æ 漢 🌼\n", 1e-7, [], {}], { x: null }, null] });

      const receipts = await harness.broker.publish([publicationOf(message.headers.id, { message, queue: "mail" })]);

      expect(receipts).toEqual([{ accepted: true, messageId: expect.any(String), deduplicated: false }]);
      const push = await onlyPushOf(harness);
      expect(new URL(push.url).pathname).toBe("/q/mail");
      expect(await decodePush(push.body)).toEqual(message);
    });

    it("tells the worker of a queue as it pushes to it", async ({ skip }) => {
      const harness = await openBroker(start);
      const { targetOf } = harness.broker;
      if (targetOf === undefined) return skip("tells no targets");

      await harness.broker.publish([publicationOf("mailed", { queue: "mail" })]);

      const { url } = await onlyPushOf(harness);
      expect(url).toBe(`${targetOf("mail")}/q/mail`);
    });

    it("pushes a message to the worker that it names, when its queue has none here", async () => {
      const harness = await openBroker(start);
      const refused = { status: 489, headers: { "upstash-nonretryable-error": "true" } };
      harness.answer(({ url }) => (url.includes("/abroad/q/") ? refused : { status: 200 }));
      await harness.broker.publish([publicationOf("at home", { queue: "mail" })]);
      const { url } = await onlyPushOf(harness);

      const target = url.replace("/q/mail", "/abroad");
      await harness.broker.publish([publicationOf("abroad", { queue: "parcels", target })]);

      const [, push, callback] = await pushesOf(harness, 3);
      expect(push?.url).toBe(`${target}/q/parcels`);
      expect(callback?.url).toBe(`${target}/failed`);
    });

    it("sends nothing to a worker that only the message names, and nothing beside it", async () => {
      const harness = await openBroker(start);
      const strange = publicationOf("strange", { queue: "parcels", target: "http://169.254.169.254/latest" });

      const publishing = harness.broker.publish([publicationOf("good", { queue: "mail" }), strange]);

      await expect(publishing).rejects.toMatchObject({
        code: "QUEUE_NOT_FOUND",
        message: /parcels.*http:\/\/169\.254\.169\.254\/latest/,
      });
      await harness.pass(0.1);
      expect(harness.pushes).toEqual([]);
    });

    it("knows no queue whose name is not text", async () => {
      const { broker } = await openBroker(start);

      const publishing = broker.publish([publicationOf("half", { queue: "\uD83D" })]);

      await expect(publishing).rejects.toMatchObject({ code: "QUEUE_NOT_FOUND" });
    });

    it("takes none at all", async () => {
      const { broker } = await openBroker(start);

      expect(await broker.publish([])).toEqual([]);
    });

    it("gives each of many a receipt of its own, in order, however many calls that takes", async () => {
      const harness = await openBroker(start);
      const ids = Array.from({ length: 120 }, newId);

      const receipts = await harness.broker.publish(ids.map((id) => publicationOf(id)));

      expect(receipts).toHaveLength(120);
      expect(new Set(receipts.map((receipt) => receipt.accepted && receipt.messageId)).size).toBe(120);
      const pushes = await pushesOf(harness, 120);
      const messages = await Promise.all(pushes.map(({ body }) => decodePush(body)));
      expect(new Set(messages.map(({ headers }) => headers.id))).toEqual(new Set(ids));
    });

    it.each(["once", "any text: æ 漢 / ? # & % \n 🌼", "x".repeat(600)])(
      "takes two with the id %j for one",
      async (text) => {
        const harness = await openBroker(start);
        const deduplicationId = `${newId()} ${text}`;
        const publication = publicationOf(newId(), { deduplicationId });

        const [first] = await harness.broker.publish([publication]);
        const [second] = await harness.broker.publish([publication]);
        await harness.broker.publish([publicationOf("last", { deduplicationId: `${deduplicationId}.` })]);

        const messageId = first?.accepted && first.messageId;
        expect(second).toEqual({ accepted: true, messageId, deduplicated: true });
        expect(await pushesOf(harness, 2)).toHaveLength(2);
      },
    );

    it("refuses a message over the limit before it sends anything", async ({ skip }) => {
      const harness = await openBroker(start);
      const { maxMessageSize } = harness.broker.traits;
      skip(maxMessageSize > 20_000_000, "takes messages of any size");
      const message = messageOf(newId(), { body: [["x".repeat(maxMessageSize)], {}, null] });

      const publishing = harness.broker.publish([publicationOf("small"), publicationOf("large", { message })]);

      await expect(publishing).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE" });
      await harness.broker.publish([publicationOf("next")]);
      expect((await decodePush((await onlyPushOf(harness)).body)).headers.id).toBe("next");
    });
  });

  describe("notBefore", () => {
    it("holds a message back until then", async ({ skip }) => {
      const harness = await openBroker(start);
      skip(!harness.broker.traits.delay, "does not claim delay");
      const instants: number[] = [];
      harness.answer(() => {
        instants.push(harness.now());
        return { status: 200 };
      });
      const notBefore = harness.now() + 2000;

      await harness.broker.publish([publicationOf("late", { notBefore }), publicationOf("now")]);

      const messages = await Promise.all((await pushesOf(harness, 2)).map(({ body }) => decodePush(body)));
      expect(messages.map(({ headers }) => headers.id)).toEqual(["now", "late"]);
      expect(instants[1]).toBeGreaterThanOrEqual(notBefore);
    });

    it("means now when it has passed", async () => {
      const harness = await openBroker(start);

      await harness.broker.publish([publicationOf("late", { notBefore: harness.now() - 86_400_000 })]);

      await expect(onlyPushOf(harness)).resolves.toBeDefined();
    });
  });

  describe("held and discard", () => {
    it("show what is not due yet of some tasks, as it was published, and take it back", async ({ skip }) => {
      const harness = await openBroker(start);
      const { broker } = harness;
      if (broker.held === undefined || broker.discard === undefined) return skip("shows nothing of what it holds");
      const notBefore = harness.now() + 3000;
      const [gone, kept, other] = [newId(), newId(), newId()];
      const message = messageOf(gone, { body: [["æ 漢 🌼"], {}, null] });
      await broker.publish([
        publicationOf(gone, { notBefore, message, queue: "mail" }),
        ...[kept, other].map((id) => publicationOf(id, { notBefore })),
      ]);

      const found = await broker.held([gone, kept, newId()]);
      const taken = found.find(({ queue }) => queue === "mail");
      const discarded = await broker.discard([taken?.messageId ?? ""]);

      expect(found).toHaveLength(2);
      expect(await decodePush(taken?.body ?? "")).toEqual(message);
      expect(discarded).toBe(1);
      expect(await broker.held([gone])).toEqual([]);
      const pushes = await pushesOf(harness, 2);
      expect(pushes.every(({ url }) => url.startsWith(`${taken?.target}/q/`))).toBe(true);
      const ids = await Promise.all(pushes.map(async ({ body }) => (await decodePush(body)).headers.id));
      expect(new Set(ids)).toEqual(new Set([kept, other]));
      expect(await broker.held([kept, other])).toEqual([]);
    });

    it("show nothing that is due, nor anything where nothing is asked for", async ({ skip }) => {
      const harness = await openBroker(start);
      const { broker } = harness;
      if (broker.held === undefined || broker.discard === undefined) return skip("shows nothing of what it holds");
      harness.answer(() => ({ status: 503, headers: { "retry-after": "2" } }));
      const id = newId();
      await broker.publish([publicationOf(id)]);
      await pushesOf(harness, 1);

      expect(await broker.held([id])).toEqual([]);
      expect(await broker.held([])).toEqual([]);
      expect(await broker.discard([])).toBe(0);
    });
  });

  describe("cancel", () => {
    it("takes back what waits under task ids, and counts it", async ({ skip }) => {
      const harness = await openBroker(start);
      const { broker } = harness;
      skip(!broker.traits.cancel, "does not claim cancel");
      const notBefore = harness.now() + 2000;
      const [gone, kept] = [newId(), newId()];
      await broker.publish([publicationOf(gone, { notBefore }), publicationOf(kept, { notBefore })]);

      expect(await broker.cancel?.([gone, newId()])).toBe(1);
      expect(await broker.cancel?.([])).toBe(0);

      expect((await decodePush((await onlyPushOf(harness)).body)).headers.id).toBe(kept);
    });

    it("forgets what it takes back: the same again is a message of its own", async ({ skip }) => {
      const harness = await openBroker(start);
      const { broker } = harness;
      skip(!broker.traits.cancel || !broker.traits.deduplication, "does not claim cancel and deduplication");
      const id = newId();
      const later = publicationOf(id, { notBefore: harness.now() + 60_000 });
      await broker.publish([later]);
      await broker.cancel?.([id]);

      const { notBefore: _, ...now } = later;
      const receipts = [...(await broker.publish([now])), ...(await broker.publish([now]))];

      expect(receipts).toMatchObject([{ deduplicated: false }, { deduplicated: true }]);
      expect((await decodePush((await onlyPushOf(harness)).body)).headers.id).toBe(id);
    });
  });
}
