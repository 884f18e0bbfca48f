/**
 * Delivery: again and again until the worker takes a message, or until it is clear that it never will (delivery.md 7, 11).
 *
 * @module
 */

import { decodePush } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import type { PushReply, ReceivedPush, StartBroker } from "./broker-harness.ts";
import { asPush, openBroker, pushesOf } from "./broker-harness.ts";
import { newId, publicationOf } from "./requests.ts";

/** Tests what follows a worker's answers. */
export function describeDelivery(start: StartBroker): void {
  describe("delivery", () => {
    it.each([500, 503, 404, 302])("is repeated, the same body, after status %i", async (status) => {
      const harness = await openBroker(start);
      harness.answer(inTurn({ status, headers: { "retry-after": "0" } }, { status: 204 }));

      await harness.broker.publish([publicationOf(newId())]);

      const [first, second] = await pushesOf(harness, 2);
      expect(second?.body).toBe(first?.body);
      expect(second?.url).toBe(first?.url);
    });

    it("tells how often it was tried before, and which message it is, the same each time", async () => {
      const harness = await openBroker(start);
      harness.answer(inTurn({ status: 503, headers: { "retry-after": "0" } }, { status: 204 }));

      await harness.broker.publish([publicationOf(newId())]);

      const [first, second] = await pushesOf(harness, 2);
      expect(first?.headers).toMatchObject({ "upstash-retried": "0", "upstash-message-id": expect.any(String) });
      expect(second?.headers).toMatchObject({
        "upstash-retried": "1",
        "upstash-message-id": first?.headers["upstash-message-id"],
      });
    });

    it("is repeated no sooner than the worker asks", async () => {
      const harness = await openBroker(start);
      const refusal = inTurn({ status: 409, headers: { "retry-after": "2" } }, { status: 200 });
      const instants: number[] = [];
      harness.answer((push) => {
        instants.push(harness.now());
        return refusal(push);
      });

      await harness.broker.publish([publicationOf(newId())]);

      expect(await pushesOf(harness, 2)).toHaveLength(2);
      const [refusedAt = 0, repeatedAt = 0] = instants;
      // Brokers reckon in whole seconds.
      expect(repeatedAt).toBeGreaterThan(refusedAt + 1000);
    });

    it("is repeated as soon as the worker asks", async () => {
      const harness = await openBroker(start);
      const refusal = { status: 409, headers: { "retry-after": "0" } };
      harness.answer(inTurn(refusal, refusal, refusal, { status: 200 }));
      const publishedAt = harness.now();

      await harness.broker.publish([publicationOf(newId())]);

      expect(await pushesOf(harness, 4)).toHaveLength(4);
      // A broker's own schedule begins with five seconds or more, and grows.
      expect(harness.now()).toBeLessThan(publishedAt + 15_000);
    });

    it("can be verified each time", async () => {
      const harness = await openBroker(start);
      harness.answer(inTurn({ status: 500, headers: { "retry-after": "0" } }, { status: 200 }));
      await harness.broker.publish([publicationOf(newId())]);

      const pushes = await pushesOf(harness, 2);

      await expect(Promise.all(pushes.map((push) => harness.broker.verify(asPush(push))))).resolves.toHaveLength(2);
    });

    it("ends with 489, and the failure callback is told the body and the status", async () => {
      const harness = await openBroker(start);
      const id = newId();
      const refused = { status: 489, headers: { "upstash-nonretryable-error": "true" } };
      harness.answer(({ url }) => (url.includes("/q/") ? refused : { status: 200 }));

      await harness.broker.publish([publicationOf(id)]);

      const [push, callback] = await pushesOf(harness, 2);
      expect(callback && new URL(callback.url).pathname).toBe("/failed");
      if (!push || !callback) return;
      await harness.broker.verify(asPush(callback));
      const failure = harness.broker.openFailure(callback.body);
      expect(failure).toEqual({ body: push.body, status: 489 });
      expect((await decodePush(failure.body)).headers.id).toBe(id);
    });

    it("of a failure callback is repeated, too", async () => {
      const harness = await openBroker(start);
      const callbacks = inTurn({ status: 409, headers: { "retry-after": "0" } }, { status: 200 });
      const refused = { status: 489, headers: { "upstash-nonretryable-error": "true" } };
      harness.answer((push) => (push.url.includes("/q/") ? refused : callbacks(push)));

      await harness.broker.publish([publicationOf(newId())]);

      const [, first, second] = await pushesOf(harness, 3);
      expect(second?.url).toBe(first?.url);
      expect(second?.body).toBe(first?.body);
    });
  });
}

/** Each reply once; the last one from then on. */
function inTurn(...replies: readonly [PushReply, ...PushReply[]]): (push: ReceivedPush) => PushReply {
  let at = -1;
  return () => {
    at = Math.min(at + 1, replies.length - 1);
    return replies[at] ?? replies[0];
  };
}
