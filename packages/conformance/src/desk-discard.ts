/**
 * What is taken back.
 *
 * @module
 */

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
import { newId, publicationOf } from "./requests.ts";

/** Tests `discard`. */
export function describeDiscard(start: StartBrokerDesk): void {
  describe("discard", () => {
    it("takes messages back, and counts them; others stay", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const { broker, desk } = harness;
      const [gone, taken, kept] = [newId(), newId(), newId()];
      const notBefore = harness.now() + 2000;
      await broker.publish([gone, taken, kept].map((id) => publicationOf(id, { queue, notBefore })));

      const counts = [
        await desk.discard(await messageIdsOf(harness, gone, taken)),
        await desk.discard(await messageIdsOf(harness, gone)),
        await desk.discard([]),
      ];

      expect(counts).toEqual([2, 0, 0]);
      expect(await taskIdsIn(await acceptedIn(harness, { queues: [queue] }))).toEqual([kept]);
      expect(await taskIdsIn(await pushesOf(harness, 1))).toEqual([kept]);
    });

    it("forgets what it takes back: the same again is a message of its own", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const publication = publicationOf(newId(), { queue, notBefore: harness.now() + 60_000 });
      const { id } = publication.message.headers;
      await harness.broker.publish([publication]);
      await harness.desk.discard(await messageIdsOf(harness, id));

      await harness.broker.publish([publication]);

      expect(await taskIdsIn(await acceptedIn(harness, { queues: [queue] }))).toEqual([id]);
    });

    it("counts nothing that is not there", async (context) => {
      const { harness } = await openDesk(start, context);

      expect(await harness.desk.discard([`msg_${newId()}`])).toBe(0);
    });

    it("lets an open delivery go on, and does not repeat it", async (context) => {
      const { harness, queue } = await openDesk(start, context);
      const { desk } = harness;
      const id = newId();
      const discarded = new Promise<number>((resolve, reject) => {
        harness.answer(async () => {
          await messageIdsOf(harness, id)
            .then((ids) => desk.discard(ids))
            .then(resolve, reject);
          return { status: 503, headers: { "retry-after": "0" } };
        });
      });

      await harness.broker.publish([publicationOf(id, { queue })]);
      await pushesOf(harness, 1);
      const count = await discarded;
      const look = async () => await acceptedIn(harness, { queues: [queue] });
      const left = await untilSeen(harness, look, ({ length }) => length === 0);
      await harness.pass(0.5);

      expect(count).toBe(1);
      expect(left).toEqual([]);
      expect(harness.pushes).toHaveLength(1);
      expect(await deadIn(harness, { queues: [queue] })).toEqual([]);
    });
  });
}

/** Ids of what is accepted of these tasks. */
async function messageIdsOf(harness: BrokerDeskHarness, ...ids: readonly string[]): Promise<readonly string[]> {
  return (await acceptedIn(harness, { ids })).map(({ messageId }) => messageId);
}
