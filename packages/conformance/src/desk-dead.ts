/**
 * What a broker has given up: shown, sent once more, or deleted.
 *
 * @module
 */

import { type DeadMessage, decodePush, type MessageQuery } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { pushesOf } from "./broker-harness.ts";
import {
  acceptedIn,
  deadIn,
  type BrokerDeskHarness,
  openDesk,
  type StartBrokerDesk,
  taskIdsIn,
  untilSeen,
} from "./desk-harness.ts";
import { messageOf, newId, publicationOf } from "./requests.ts";

/** Tests `dead`, `resend` and `bury`. */
export function describeDead(start: StartBrokerDesk): void {
  describe("dead", () => {
    it("shows what was given up as it was published, why, and when", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const message = messageOf(newId(), { body: [["æ 漢 🌼"], {}, null] });
      const before = harness.now();
      refuseAll(harness, "no such task: æ 漢 🌼");
      const [receipt] = await harness.broker.publish([publicationOf(message.headers.id, { message, queue })]);

      const letters = await lettersOf(harness, { queue, count: 1 });

      const { messageId } = receipt?.accepted ? receipt : {};
      const told = { status: 489, reason: "no such task: æ 漢 🌼" };
      const texts = { letterId: expect.any(String), target: expect.any(String), body: expect.any(String) };
      const times = { createdAt: expect.any(Number), diedAt: expect.any(Number) };
      expect(letters).toStrictEqual([{ messageId, queue, ...told, ...texts, ...times }]);
      const [{ target, body, createdAt, diedAt } = { target: "", body: "", createdAt: 0, diedAt: 0 }] = letters;
      expect(target).toBe(harness.broker.targetOf?.(queue));
      expect(await decodePush(body)).toEqual(message);
      expect(createdAt).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
      expect(diedAt).toBeGreaterThanOrEqual(createdAt);
      expect(diedAt).toBeLessThanOrEqual(harness.now());
      expect(await acceptedIn(harness, { queues: [queue] })).toEqual([]);
    });

    it("shows those of the queues and of the tasks that are asked for, and nothing where nothing is asked for", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const other = `${queue}-other`;
      const [here, there] = [newId(), newId()];
      await kill(harness, queue, [here]);
      await kill(harness, other, [there]);
      const look = async (query: Partial<MessageQuery>) => (await taskIdsIn(await deadIn(harness, query))).toSorted();

      expect(await look({ queues: [queue] })).toEqual([here]);
      expect(await look({ queues: [queue, other] })).toEqual([here, there].toSorted());
      expect(await look({ ids: [there] })).toEqual([there]);
      expect(await look({ ids: [here], queues: [other] })).toEqual([]);
      expect(await look({ ids: [newId()] })).toEqual([]);
      expect(await look({ ids: [] })).toEqual([]);
      expect(await look({ queues: [] })).toEqual([]);
      expect(await look({})).toEqual(expect.arrayContaining([here, there]));
    });

    it("comes in pages, and shows each letter once", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const ids = Array.from({ length: 7 }, newId);
      await kill(harness, queue, ids);

      const letters = await deadIn(harness, { queues: [queue], limit: 3 });

      expect((await taskIdsIn(letters)).toSorted()).toEqual(ids.toSorted());
      expect(new Set(letters.map(({ letterId }) => letterId)).size).toBe(7);
    });

    it("shows no failure callback that was given up", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const id = newId();
      await kill(harness, queue, [id]);
      await pushesOf(harness, 2);
      await harness.pass(0.5);

      expect(await deadIn(harness, { ids: [id] })).toHaveLength(1);
      expect(await deadIn(harness, { queues: [queue] })).toHaveLength(1);
    });
  });

  describe("resend", () => {
    it("sends letters once more, as they were, and takes them from the dead ones", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const { desk } = harness;
      const [again, dead] = [newId(), newId()];
      await kill(harness, queue, [again, dead]);
      const [first] = harness.pushes;
      const delivered: string[] = [];
      harness.answer(({ body, url }) => {
        if (url.includes("/q/")) delivered.push(body);
        return { status: 200 };
      });

      const letters = await deadIn(harness, { ids: [again] });
      const counts = [
        await desk.resend(letters.map(({ letterId }) => letterId)),
        await desk.resend(letters.map(({ letterId }) => letterId)),
        await desk.resend([]),
      ];

      await untilSeen(
        harness,
        async () => delivered,
        ({ length }) => length > 0,
      );
      expect(counts).toEqual([1, 0, 0]);
      expect(delivered).toEqual(letters.map(({ body }) => body));
      expect(harness.pushes.filter(({ url }) => url === first?.url)).toHaveLength(3);
      expect(await taskIdsIn(await deadIn(harness, { queues: [queue] }))).toEqual([dead]);
    });

    it("may have them given up again", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const { desk } = harness;
      const [before] = await kill(harness, queue, [newId()]);

      await desk.resend([before?.letterId ?? ""]);
      const [after, ...others] = await lettersOf(harness, { queue, count: 1 });

      expect(others).toEqual([]);
      expect(after?.body).toBe(before?.body);
      expect(after?.letterId).not.toBe(before?.letterId);
    });
  });

  describe("bury", () => {
    it("deletes letters, and counts them; others stay", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const { desk } = harness;
      const [buried, kept] = [newId(), newId()];
      await kill(harness, queue, [buried, kept]);
      const letterIds = (await deadIn(harness, { ids: [buried] })).map(({ letterId }) => letterId);

      const counts = [await desk.bury(letterIds), await desk.bury(letterIds), await desk.bury([])];

      expect(counts).toEqual([1, 0, 0]);
      expect(await taskIdsIn(await deadIn(harness, { queues: [queue] }))).toEqual([kept]);
    });
  });
}

/** Answers every push, failure callbacks too, with what ends it for good. */
function refuseAll(harness: BrokerDeskHarness, body = "refused"): void {
  harness.answer(() => ({ status: 489, headers: { "upstash-nonretryable-error": "true" }, body }));
}

/** Has messages of these tasks given up; their letters. */
async function kill(
  harness: BrokerDeskHarness,
  queue: string,
  ids: readonly string[],
): Promise<readonly DeadMessage[]> {
  refuseAll(harness);
  await harness.broker.publish(ids.map((id) => publicationOf(id, { queue })));
  return await lettersOf(harness, { queue, count: ids.length });
}

/** The letters of a queue, once there are so many. */
async function lettersOf(
  harness: BrokerDeskHarness,
  { queue, count }: { readonly queue: string; readonly count: number },
): Promise<readonly DeadMessage[]> {
  const look = async () => await deadIn(harness, { queues: [queue] });
  return await untilSeen(harness, look, ({ length }) => length >= count);
}
