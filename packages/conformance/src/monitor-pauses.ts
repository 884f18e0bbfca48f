/**
 * Queues of which no message is begun, and workers that begin none.
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import { eventually } from "./backend-harness.ts";
import { notLeased } from "./claims.ts";
import {
  direct,
  keptTexts,
  letterOf,
  notesOf,
  sightingOf,
  type StartMonitorStore,
  textsOf,
} from "./monitor-harness.ts";
import { claimOf, fenceOf, finishOf, newId, resultOf } from "./requests.ts";

/** Tests what `direct` refuses. */
export function describePauses(start: StartMonitorStore): void {
  describe("a pause", () => {
    it("refuses what is of its queues, or for its workers, and nothing else", async () => {
      const harness = await start();
      await direct(harness, { paused: ["mail", "æ 漢 🌼"], drained: ["old@shop"] });
      const ask = async (queue: string, worker: string) =>
        (await harness.backend.claim(claimOf(newId(), { notes: notesOf({ queue, worker }) }))).answer;

      expect(await ask("mail", "worker@shop")).toBe("paused");
      expect(await ask("æ 漢 🌼", "worker@shop")).toBe("paused");
      expect(await ask("default", "old@shop")).toBe("paused");
      expect(await ask("mail", "old@shop")).toBe("paused");
      expect(await ask("default", "worker@shop")).toBe("run");
      expect(await ask("old@shop", "mail")).toBe("run");
    });

    it("refuses nobody who does not say what it is about", async () => {
      const harness = await start();
      await direct(harness, { paused: ["default", ""], drained: ["worker@shop", ""] });

      expect(await harness.backend.claim(claimOf(newId()))).toMatchObject({ answer: "run" });
    });

    it("holds nothing, shows nothing and tells nothing of what it refuses", async () => {
      const harness = await start();
      const { backend, store } = harness;
      const id = newId();
      await direct(harness, { drained: ["old@shop"] });
      const notes = notesOf({
        worker: "old@shop",
        received: [letterOf("task-received")],
        started: [letterOf("task-started")],
      });

      const refused = await backend.claim(claimOf(id, { notes, started: resultOf(id, { status: "STARTED" }) }));

      expect(refused).toStrictEqual({ answer: "paused", directives: await store.directives() });
      expect(await keptTexts(store)).toEqual([]);
      expect(await store.active({ limit: 10 })).toStrictEqual({ items: [] });
      expect(await store.records([id])).toEqual([]);
      expect(await backend.read([id])).toEqual([undefined]);
      const claim = await backend.claim(claimOf(id, { notes: notesOf() }));
      expect(fenceOf(claim)).toEqual({ retries: 0, generation: 0, epoch: 0 });
    });

    it("refuses the same token as long as it lasts, and lets it run afterwards", async () => {
      const harness = await start();
      const { backend } = harness;
      const request = claimOf(newId(), { notes: notesOf() });
      const { revision } = await direct(harness, { paused: ["default"] });

      const during = [await backend.claim(request), await backend.claim(request)];
      await direct(harness, { from: revision });

      expect(during.map(({ answer }) => answer)).toEqual(["paused", "paused"]);
      expect(await backend.claim(request)).toMatchObject({ answer: "run" });
    });

    it("still lets a worker be seen, and counts nothing for it", async () => {
      const harness = await start();
      const online = letterOf("worker-online");
      await direct(harness, { paused: ["default"] });

      await harness.backend.claim(claimOf(newId(), { notes: notesOf({ sighting: sightingOf({ online }) }) }));

      expect(await harness.store.workers()).toMatchObject([{ worker: "worker@shop", totals: {} }]);
      expect(await keptTexts(harness.store)).toEqual(textsOf(online));
    });

    it("does not refuse what nobody would deliver again", async () => {
      const harness = await start();
      await direct(harness, { paused: ["default"], drained: ["worker@shop"] });

      const claim = await harness.backend.claim(claimOf(newId(), { undeliverable: true, notes: notesOf() }));

      expect(claim).toMatchObject({ answer: "lost" });
    });

    it("takes nothing away that is held, and answers as ever what needs no hold", async () => {
      const harness = await start();
      const { backend } = harness;
      const [held, done] = [newId(), newId()];
      const notes = notesOf();
      const request = claimOf(held, { retries: 1, notes });
      const fence = fenceOf(await backend.claim(request));
      await backend.finish(finishOf(done, fenceOf(await backend.claim(claimOf(done)))));
      await direct(harness, { paused: ["default"] });

      const again = [
        await backend.claim(request),
        await backend.claim(claimOf(held, { retries: 1, notes })),
        await backend.claim(claimOf(held, { notes })),
        await backend.claim(claimOf(done, { notes })),
      ];

      expect(again.map(({ answer }) => answer)).toEqual(["run", "leased", "superseded", "done"]);
      const renewal = { id: held, fence, lease: 600, retention: 3600 };
      expect(await backend.renew(renewal)).toMatchObject({ held: true });
      expect(await backend.finish(finishOf(held, fence))).toMatchObject({ applied: true });
    });

    it("refuses retries, and what a dead holder has left; all of it waits as it was", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const [retried, left] = [newId(), newId()];
      await backend.finish(finishOf(retried, fenceOf(await backend.claim(claimOf(retried))), { state: "RETRY" }));
      await backend.claim(claimOf(left, { lease: moment }));
      const { revision } = await direct(harness, { paused: ["default"] });
      const notes = notesOf();
      const claims = [
        () => backend.claim(claimOf(retried, { retries: 1, notes })),
        () => eventually(harness, () => backend.claim(claimOf(left, { notes })), notLeased),
      ];

      const during = [];
      for (const claim of claims) during.push(await claim());
      await direct(harness, { from: revision });
      const after = [];
      for (const claim of claims) after.push(await claim());

      expect(during.map(({ answer }) => answer)).toEqual(["paused", "paused"]);
      expect(after).toMatchObject([
        { answer: "run", fence: { retries: 1, epoch: 0 } },
        { answer: "run", fence: { retries: 0, epoch: 1 } },
      ]);
    });

    it("keeps nothing waiting that is ended without being run", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const [revoked, overdue] = [newId(), newId()];
      const limits = { lease: moment, hardLimit: moment / 2 };
      await backend.revoke({ ids: [revoked], terminate: false, retention: 3600 });
      await backend.claim(claimOf(overdue, limits));
      await direct(harness, { paused: ["default"] });
      const notes = notesOf();

      const claims = [
        await backend.claim(claimOf(revoked, { notes })),
        await backend.claim(claimOf(newId(), { expires: 1, notes })),
        await eventually(harness, () => backend.claim(claimOf(overdue, { ...limits, notes })), notLeased),
      ];

      expect(claims).toMatchObject([
        { answer: "revoked", reason: "revoked" },
        { answer: "revoked", reason: "expired" },
        { answer: "overdue", fence: { epoch: 1 } },
      ]);
    });

    it("is named to whoever ends what it has refused until nobody delivered it any more", async () => {
      const harness = await start();
      const { backend } = harness;
      const [first, retried] = [newId(), newId()];
      await backend.finish(finishOf(retried, fenceOf(await backend.claim(claimOf(retried))), { state: "RETRY" }));
      await direct(harness, { paused: ["default"] });
      await backend.claim(claimOf(first, { notes: notesOf() }));
      await backend.claim(claimOf(retried, { retries: 1, notes: notesOf() }));
      const ending = claimOf(first, { undeliverable: true });

      const claims = [
        await backend.claim(ending),
        await backend.claim(ending),
        await backend.claim(claimOf(retried, { retries: 1, undeliverable: true })),
      ];

      const fence = { retries: 0, generation: 0, epoch: 0 };
      expect(claims).toStrictEqual([
        { answer: "lost", fence, wasPaused: true },
        { answer: "lost", fence, wasPaused: true },
        { answer: "lost", fence: { ...fence, retries: 1 }, wasPaused: true },
      ]);
    });

    it("is not named any more once the task was held", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const [begun, retried] = [newId(), newId()];
      const { revision } = await direct(harness, { paused: ["default"] });
      for (const id of [begun, retried]) await backend.claim(claimOf(id, { notes: notesOf() }));
      await direct(harness, { from: revision });
      await backend.claim(claimOf(begun, { lease: moment }));
      await backend.finish(finishOf(retried, fenceOf(await backend.claim(claimOf(retried))), { state: "RETRY" }));

      const ask = () => backend.claim(claimOf(begun, { undeliverable: true }));
      const claims = [
        await eventually(harness, ask, notLeased),
        await backend.claim(claimOf(retried, { retries: 1, undeliverable: true })),
      ];

      expect(claims).toStrictEqual([
        { answer: "lost", fence: { retries: 0, generation: 0, epoch: 1 } },
        { answer: "lost", fence: { retries: 1, generation: 0, epoch: 0 } },
      ]);
    });

    it("ends for what the next change does not name", async () => {
      const harness = await start();
      const ask = async (queue: string, worker: string) =>
        (await harness.backend.claim(claimOf(newId(), { notes: notesOf({ queue, worker }) }))).answer;
      const { revision } = await direct(harness, { paused: ["mail", "default"], drained: ["old@shop"] });

      await direct(harness, { from: revision, paused: ["mail"], drained: ["new@shop"] });

      expect(await ask("default", "old@shop")).toBe("run");
      expect(await ask("mail", "old@shop")).toBe("paused");
      expect(await ask("default", "new@shop")).toBe("paused");
    });
  });
}
