/**
 * Workers: online for as long as they say so, and what they have begun meanwhile.
 *
 * @module
 */

import type { ClaimNotes, Fence, Sighting } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { eventually } from "./backend-harness.ts";
import {
  keptTexts,
  letterOf,
  type MonitorStoreHarness,
  notesOf,
  sightingOf,
  type StartMonitorStore,
  textsOf,
} from "./monitor-harness.ts";
import { claimOf, fenceOf, finishOf, newId } from "./requests.ts";

/** Tests sightings, `workers` and `leave`. */
export function describeWorkers(start: StartMonitorStore): void {
  describe("workers", () => {
    it("are none where none was seen, whatever they claim", async () => {
      const { backend, store } = await start();

      await backend.claim(claimOf(newId(), { notes: notesOf() }));

      expect(await store.workers()).toEqual([]);
      expect(await store.counts()).toMatchObject({ workers: 0 });
    });

    it("are those that were seen, by name, with what they said last and until when that holds", async () => {
      const harness = await start();
      await see(harness, { worker: "worker@shop", text: '{"since":1}' });
      await see(harness, { worker: "mailer@shop", text: "{}" });
      await see(harness, { worker: "worker@shop", text: '{"region":"æ 漢 🌼"}', life: 900 });

      const workers = await harness.store.workers();

      expect(workers).toStrictEqual([
        { worker: "mailer@shop", text: "{}", until: expect.any(Number), totals: {} },
        { worker: "worker@shop", text: '{"region":"æ 漢 🌼"}', until: expect.any(Number), totals: {} },
      ]);
      const [mailer = 0, worker = 0] = workers.map(({ until }) => until);
      expect(worker - mailer).toBeGreaterThan(250_000);
      expect(worker - mailer).toBeLessThan(350_000);
      expect(await harness.store.counts()).toMatchObject({ workers: 2 });
    });

    it("are told to come online once, and to be alive from then on", async () => {
      const harness = await start();
      const [online, heartbeat, again] = [
        letterOf("worker-online"),
        letterOf("worker-heartbeat"),
        letterOf("worker-heartbeat"),
      ];

      await see(harness, { online, heartbeat: letterOf("worker-heartbeat") });
      await see(harness, { online: letterOf("worker-online"), heartbeat });
      await see(harness, { worker: "other@shop" });
      await see(harness, { online: letterOf("worker-online"), heartbeat: again });

      expect(await keptTexts(harness.store)).toEqual(textsOf(online, heartbeat, again));
    });

    it("are offline when they were silent for as long as they said, and come online anew, with what they had begun", async () => {
      const harness = await start();
      const { moment, store } = harness;
      const [first, second] = [letterOf("worker-online"), letterOf("worker-online")];
      await see(harness, { online: first });
      await see(harness, { worker: "other@shop" });
      await harness.backend.claim(claimOf(newId(), { notes: notesOf() }));
      const before = await store.workers();
      await see(harness, { life: moment });

      const after = await eventually(
        harness,
        () => store.workers(),
        ({ length }) => length < 2,
      );
      await see(harness, { online: second, heartbeat: letterOf("worker-heartbeat") });

      expect(before.map(({ worker }) => worker)).toEqual(["other@shop", "worker@shop"]);
      expect(after.map(({ worker }) => worker)).toEqual(["other@shop"]);
      expect(await keptTexts(store)).toEqual(textsOf(first, second));
      const totals = { "shop.add": 1 };
      expect(await store.workers()).toMatchObject([{ worker: "other@shop" }, { worker: "worker@shop", totals }]);
    });

    it("stay online for as long as they go on saying so", async () => {
      const harness = await start();
      const { moment, store } = harness;
      const heartbeats = [letterOf("worker-heartbeat"), letterOf("worker-heartbeat")];
      await see(harness, { life: 4 * moment });
      await see(harness, {});
      await harness.pass(5 * moment);
      for (const heartbeat of heartbeats) await see(harness, { heartbeat });

      expect(await store.workers()).toHaveLength(1);
      expect(await keptTexts(store)).toEqual(textsOf(...heartbeats));
    });

    it("are seen by renewals, and by claims, whatever the answer is", async () => {
      const harness = await start();
      const { backend, store } = harness;
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      const stranger: Fence = { ...fence, epoch: 7 };

      const renewal = { id, lease: 600, retention: 3600 };
      await backend.renew({ ...renewal, fence, sighting: sightingOf({ worker: "a" }) });
      await backend.renew({ ...renewal, fence: stranger, sighting: sightingOf({ worker: "b" }) });
      await backend.renew({ ...renewal, id: newId(), fence, sighting: sightingOf({ worker: "c" }) });
      await backend.claim(claimOf(id, { notes: seenNotes("d") }));
      await backend.finish(finishOf(id, fence));
      await backend.claim(claimOf(id, { notes: seenNotes("e") }));

      expect((await store.workers()).map(({ worker }) => worker)).toEqual(["a", "b", "c", "d", "e"]);
    });

    it("have counted what they have begun of each task: once for each attempt, and nothing that did not begin", async () => {
      const harness = await start();
      const { backend } = harness;
      const id = newId();
      await see(harness, {});
      await see(harness, { worker: "other@shop" });
      const begun = claimOf(id, { notes: notesOf() });
      const fence = fenceOf(await backend.claim(begun));
      await backend.claim(begun);
      await backend.claim(claimOf(id, { notes: notesOf() }));
      await backend.finish(finishOf(id, fence, { state: "RETRY" }));
      await backend.claim(claimOf(id, { retries: 1, notes: notesOf() }));
      await backend.claim(claimOf(newId(), { early: true, notes: notesOf() }));
      await backend.claim(claimOf(newId(), { expires: 1, notes: notesOf() }));
      await backend.claim(claimOf(newId(), { notes: notesOf({ task: "æ.漢:🌼" }) }));
      await backend.claim(claimOf(newId(), { notes: notesOf({ worker: "other@shop", task: "shop.mail" }) }));

      const totals = (await harness.store.workers()).map((worker) => worker.totals);

      expect(totals).toEqual([{ "shop.mail": 1 }, { "shop.add": 2, "æ.漢:🌼": 1 }]);
    });

    it("have counted the attempt with whose claim they came online", async () => {
      const { backend, store } = await start();

      await backend.claim(claimOf(newId(), { notes: notesOf({ sighting: sightingOf() }) }));
      await backend.claim(claimOf(newId(), { notes: notesOf({ sighting: sightingOf() }) }));

      expect(await store.workers()).toMatchObject([{ totals: { "shop.add": 2 } }]);
    });

    it("are offline when they have left, and come back as new", async () => {
      const harness = await start();
      const { store } = harness;
      const online = letterOf("worker-online");
      await see(harness, {});
      await see(harness, { worker: "other@shop" });
      await harness.backend.claim(claimOf(newId(), { notes: notesOf() }));

      await store.leave("worker@shop");
      await store.leave("worker@shop");
      await store.leave("nobody");
      const gone = await store.workers();
      await see(harness, { online, heartbeat: letterOf("worker-heartbeat") });

      expect(gone.map(({ worker }) => worker)).toEqual(["other@shop"]);
      expect(await keptTexts(store)).toEqual(textsOf(online));
      expect(await store.workers()).toStrictEqual([
        expect.objectContaining({ worker: "other@shop" }),
        expect.objectContaining({ worker: "worker@shop", totals: {} }),
      ]);
    });
  });
}

/** What a worker's claim tells with which it is seen. */
function seenNotes(worker: string): ClaimNotes {
  return notesOf({ worker, sighting: sightingOf({ worker }) });
}

/** A worker is seen by a renewal of what it does not hold: by that alone. */
async function see({ backend }: MonitorStoreHarness, about: Partial<Sighting>): Promise<void> {
  const fence = { retries: 0, generation: 0, epoch: 0 };
  await backend.renew({ id: newId(), fence, lease: 600, retention: 3600, sighting: sightingOf(about) });
}
