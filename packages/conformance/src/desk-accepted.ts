/**
 * What waits at a broker, or is being delivered.
 *
 * @module
 */

import { decodePush, type MessageQuery } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { pushesOf } from "./broker-harness.ts";
import { acceptedIn, openDesk, type StartBrokerDesk, taskIdsIn, untilSeen } from "./desk-harness.ts";
import { messageOf, newId, publicationOf } from "./requests.ts";

/** Tests `accepted`. */
export function describeAccepted(start: StartBrokerDesk): void {
  describe("accepted", () => {
    it("shows what waits as it was published, with its times", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const { broker } = harness;
      const message = messageOf(newId(), { body: [["æ 漢 🌼"], {}, null] });
      const notBefore = laterThan(harness.now());
      const before = harness.now();
      const [receipt] = await broker.publish([publicationOf(message.headers.id, { message, queue, notBefore })]);

      const [shown, ...others] = await acceptedIn(harness, { queues: [queue] });

      const times = { createdAt: expect.any(Number), notBefore };
      const { messageId } = receipt?.accepted ? receipt : {};
      const texts = { target: expect.any(String), body: expect.any(String) };
      expect(shown).toStrictEqual({ messageId, queue, ...texts, ...times, isOpen: false, retried: 0 });
      expect(shown?.target).toBe(broker.targetOf?.(queue));
      expect(others).toEqual([]);
      expect(await decodePush(shown?.body ?? "")).toEqual(message);
      expect(shown?.createdAt).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
      expect(shown?.createdAt).toBeLessThanOrEqual(harness.now());
    });

    it("shows a message whose delivery is open, and forgets it when that has ended well", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const look = async () => await acceptedIn(harness, { queues: [queue] });
      const seen = new Promise<Awaited<ReturnType<typeof look>>>((resolve, reject) => {
        harness.answer(async () => {
          await look().then(resolve, reject);
          return { status: 200 };
        });
      });

      await harness.broker.publish([publicationOf(newId(), { queue })]);
      await pushesOf(harness, 1);
      const during = await seen;
      const after = await untilSeen(harness, look, ({ length }) => length === 0);

      expect(during).toMatchObject([{ queue, isOpen: true, retried: 0 }]);
      expect(during[0]).not.toHaveProperty("notBefore");
      expect(after).toEqual([]);
    });

    it("shows how often a message was delivered in vain, and when it is tried again", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      harness.answer(() => ({ status: 503, headers: { "retry-after": "600" } }));
      await harness.broker.publish([publicationOf(newId(), { queue })]);
      await pushesOf(harness, 1);
      const look = async () => await acceptedIn(harness, { queues: [queue] });

      const [shown] = await untilSeen(harness, look, ([first]) => first?.retried === 1 && !first.isOpen);

      expect(shown).toMatchObject({ isOpen: false, retried: 1 });
      expect(shown?.notBefore).toBeGreaterThan(harness.now() + 300_000);
    });

    it("shows those of the queues and of the tasks that are asked for", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const { broker } = harness;
      const [here, there, both] = [newId(), newId(), newId()];
      const other = `${queue}-other`;
      const notBefore = laterThan(harness.now());
      await broker.publish([
        publicationOf(here, { queue, notBefore }),
        publicationOf(there, { queue: other, notBefore }),
        publicationOf(both, { queue, notBefore }),
        publicationOf(both, { queue: other, notBefore }),
      ]);
      const look = async (query: Partial<MessageQuery>) =>
        (await taskIdsIn(await acceptedIn(harness, query))).toSorted();

      expect(await look({ queues: [queue] })).toEqual([here, both].toSorted());
      expect(await look({ queues: [queue, other] })).toEqual([here, there, both, both].toSorted());
      expect(await look({ ids: [here, there] })).toEqual([here, there].toSorted());
      expect(await look({ ids: [both], queues: [other] })).toEqual([both]);
      expect(await look({ ids: [here], queues: [other] })).toEqual([]);
      expect(await look({ ids: [newId()] })).toEqual([]);
      expect(await look({ queues: [`${queue}-nothing`] })).toEqual([]);
      expect(await look({})).toEqual(expect.arrayContaining([here, there, both]));
    });

    it("shows nothing where nothing is asked for", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const { broker } = harness;
      await broker.publish([publicationOf(newId(), { queue, notBefore: laterThan(harness.now()) })]);

      expect(await acceptedIn(harness, { queues: [] })).toEqual([]);
      expect(await acceptedIn(harness, { ids: [] })).toEqual([]);
    });

    it("comes in pages, and shows each message once", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const ids = Array.from({ length: 11 }, newId);
      const notBefore = laterThan(harness.now());
      await harness.broker.publish(ids.map((id) => publicationOf(id, { queue, notBefore })));

      const shown = await acceptedIn(harness, { queues: [queue], limit: 4 });

      expect((await taskIdsIn(shown)).toSorted()).toEqual(ids.toSorted());
      expect(new Set(shown.map(({ messageId }) => messageId)).size).toBe(11);
    });

    it("shows no failure callback", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const id = newId();
      const refused = { status: 489, headers: { "upstash-nonretryable-error": "true" } };
      const later = { status: 503, headers: { "retry-after": "600" } };
      harness.answer(({ url }) => (url.includes("/q/") ? refused : later));
      await harness.broker.publish([publicationOf(id, { queue })]);
      await pushesOf(harness, 2);

      const look = async () => await acceptedIn(harness, { ids: [id] });

      expect(await untilSeen(harness, look, ({ length }) => length === 0)).toEqual([]);
      expect(await acceptedIn(harness, { queues: [queue] })).toEqual([]);
    });
  });
}

/** Ten minutes later, at a whole second: brokers may reckon in these. */
function laterThan(now: number): number {
  return Math.ceil(now / 1000) * 1000 + 600_000;
}
