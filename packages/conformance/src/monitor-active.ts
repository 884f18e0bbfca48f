/**
 * Tasks that are held under a live lease.
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import { eventually } from "./backend-harness.ts";
import { notLeased } from "./claims.ts";
import { type MonitorStoreHarness, notesOf, pagesOf, type StartMonitorStore } from "./monitor-harness.ts";
import { claimOf, fenceOf, finishOf, newId, settleOf } from "./requests.ts";

/** Tests `active`. */
export function describeActive(start: StartMonitorStore): void {
  describe("active", () => {
    it("has what is held, with what its claim told and when it began", async () => {
      const { backend, store } = await start();
      const [told, silent] = [newId(), newId()];
      const about = '{"name":"shop.add","args":"(\'æ 漢 🌼\',)"}';
      await backend.claim(claimOf(silent, { lease: 900 }));
      await backend.claim(claimOf(told, { lease: 600, notes: notesOf({ about }) }));

      const listed = await store.active({ limit: 10 });

      const times = { startedAt: expect.any(Number), leaseUntil: expect.any(Number) };
      expect(listed).toStrictEqual({
        items: [
          { id: told, about, ...times },
          { id: silent, ...times },
        ],
      });
      const [{ startedAt = 0, leaseUntil } = { leaseUntil: 0 }] = listed.items;
      expect(leaseUntil - startedAt).toBe(600_000);
      expect(await store.counts()).toMatchObject({ active: 2 });
    });

    it("is empty where nothing is held", async () => {
      const { store } = await start();

      expect(await store.active({ limit: 10 })).toStrictEqual({ items: [] });
    });

    it("has nothing that is only sent on", async () => {
      const harness = await start();

      await harness.backend.claim(claimOf(newId(), { early: true, notes: notesOf() }));

      expect(await idsIn(harness)).toEqual([]);
    });

    it("has what is held to be ended without being run, without a start", async () => {
      const { backend, store } = await start();
      const id = newId();
      fenceOf(await backend.claim(claimOf(id, { expires: 1, notes: notesOf() })), "revoked");

      const { items } = await store.active({ limit: 10 });

      expect(items).toStrictEqual([{ id, about: "{}", leaseUntil: expect.any(Number) }]);
    });

    it("has nothing that has ended, however it did", async () => {
      const harness = await start();
      const { backend } = harness;
      const [done, again, settled, held] = [newId(), newId(), newId(), newId()];
      await backend.finish(finishOf(done, fenceOf(await backend.claim(claimOf(done)))));
      await backend.finish(finishOf(again, fenceOf(await backend.claim(claimOf(again))), { state: "RETRY" }));
      await backend.claim(claimOf(settled));
      await backend.settle([settleOf(settled)]);
      const fence = fenceOf(await backend.claim(claimOf(held)));
      await backend.finish(finishOf(held, { ...fence, epoch: 7 }));

      expect(await idsIn(harness)).toEqual([held]);
    });

    it("has the next attempt of a task that has ended", async () => {
      const harness = await start();
      const { backend } = harness;
      const id = newId();
      await backend.finish(finishOf(id, fenceOf(await backend.claim(claimOf(id))), { state: "RETRY" }));

      await backend.claim(claimOf(id, { retries: 1 }));

      expect(await idsIn(harness)).toEqual([id]);
    });

    it("has nothing any more whose lease has run out, until that is renewed or taken over", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const [renewed, taken] = [newId(), newId()];
      const fence = fenceOf(await backend.claim(claimOf(renewed, { lease: moment })));
      await backend.claim(claimOf(taken, { lease: moment }));

      const left = await eventually(
        harness,
        () => idsIn(harness),
        ({ length }) => length === 0,
      );
      const counted = await harness.store.counts();
      await backend.renew({ id: renewed, fence, lease: 600, retention: 3600 });
      fenceOf(await eventually(harness, () => backend.claim(claimOf(taken, { lease: 900 })), notLeased));

      expect([left, counted.active]).toEqual([[], 0]);
      expect(await idsIn(harness)).toEqual([renewed, taken]);
    });

    it("is in the order of the leases' ends, renewals among them, and comes in pages", async () => {
      const harness = await start();
      const ids = await claimed(harness, [300, 100, 500, 200, 400]);
      const [first = "", , third = "", fourth = ""] = ids;
      const fence = { retries: 0, generation: 0, epoch: 0 };
      await harness.backend.renew({ id: third, fence, lease: 150, retention: 3600 });

      const pages = await pagesOf((request) => harness.store.active(request), 2);

      expect(pages.flat().map(({ id }) => id)).toEqual([ids[1], third, fourth, first, ids[4]]);
      expect(pages.every(({ length }) => length <= 2)).toBe(true);
    });

    it("has each once in its pages, however many leases end at once", async () => {
      const harness = await start();
      const ids = await claimed(
        harness,
        Array.from({ length: 40 }, () => 600),
      );

      const pages = await pagesOf((request) => harness.store.active(request), 7);

      expect(
        pages
          .flat()
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(ids.toSorted());
      expect(pages.every(({ length }) => length <= 7)).toBe(true);
    });

    it("leaves nothing out between two pages because of what has ended or was renewed meanwhile", async () => {
      const harness = await start();
      const { backend, store } = harness;
      const ids = await claimed(harness, [100, 200, 300, 400, 500, 600]);
      const [ended = "", renewed = "", ...others] = ids;
      const fence = { retries: 0, generation: 0, epoch: 0 };
      const { items, cursor } = await store.active({ limit: 3 });

      await backend.finish(finishOf(ended, fence));
      await backend.renew({ id: renewed, fence, lease: 900, retention: 3600 });

      const rest = await store.active({ limit: 10, ...(cursor !== undefined && { cursor }) });
      const seen = new Set([...items, ...rest.items].map(({ id }) => id));
      expect(items.map(({ id }) => id)).toEqual(ids.slice(0, 3));
      expect([...seen]).toEqual(expect.arrayContaining(others));
    });
  });
}

async function idsIn({ store }: MonitorStoreHarness): Promise<readonly string[]> {
  return (await store.active({ limit: 100 })).items.map(({ id }) => id);
}

/** Tasks that are held for so long each: their ids in this order. */
async function claimed({ backend }: MonitorStoreHarness, leases: readonly number[]): Promise<readonly string[]> {
  return await Promise.all(
    leases.map(async (lease) => {
      const id = newId();
      fenceOf(await backend.claim(claimOf(id, { lease })));
      return id;
    }),
  );
}
