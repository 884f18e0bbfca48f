/**
 * Tasks that were revoked, for as long as that stands.
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import { eventually } from "./backend-harness.ts";
import { type MonitorStoreHarness, pagesOf, type StartMonitorStore } from "./monitor-harness.ts";
import { claimOf, newId } from "./requests.ts";

/** Tests `revoked`. */
export function describeRevoked(start: StartMonitorStore): void {
  describe("revoked", () => {
    it("is empty where nothing was revoked", async () => {
      const { backend, store } = await start();
      await backend.claim(claimOf(newId()));
      await backend.revoke({ ids: [], terminate: false, retention: 3600 });

      expect(await store.revoked({ limit: 10 })).toStrictEqual({ items: [] });
    });

    it("has each task that was revoked once, in the order of the marks' ends", async () => {
      const harness = await start();
      const [first, second, third, last] = [newId(), newId(), newId(), newId()];
      await harness.backend.revoke({ ids: [last], terminate: true, retention: 7200 });
      await revoke(harness, [third], 3600);
      await revoke(harness, [first, second], 1800);
      await revoke(harness, [second], 2700);

      expect(await harness.store.revoked({ limit: 10 })).toStrictEqual({ items: [first, second, third, last] });
      expect((await harness.store.counts()).revoked).toBe(4);
    });

    it("keeps a mark for as long as was asked for, and never for less", async () => {
      const harness = await start();
      const { moment, store } = harness;
      const [short, long] = [newId(), newId()];
      await revoke(harness, [long], 3600);
      await revoke(harness, [short, long], moment);

      const after = await eventually(
        harness,
        () => store.revoked({ limit: 10 }),
        ({ items }) => items.length < 2,
      );

      expect(after.items).toEqual([long]);
      expect((await store.counts()).revoked).toBe(1);
    });

    it("has each once in its pages, of however many that were revoked at once", async () => {
      const harness = await start();
      const ids = Array.from({ length: 50 }, newId);
      await revoke(harness, ids, 3600);

      const pages = await pagesOf((request) => harness.store.revoked(request), 12);

      expect(pages.flat().toSorted()).toEqual(ids.toSorted());
      expect(pages.every(({ length }) => length <= 12)).toBe(true);
    });
  });
}

async function revoke({ backend }: MonitorStoreHarness, ids: readonly string[], retention: number): Promise<void> {
  await backend.revoke({ ids, terminate: false, retention });
}
