/**
 * What is told of tasks: with the claim or the end that it tells of, and never without it.
 *
 * @module
 */

import type { ClaimNotes, ClaimRequest } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { eventually } from "./backend-harness.ts";
import { notLeased } from "./claims.ts";
import {
  keptTexts,
  letterOf,
  type MonitorStoreHarness,
  notesOf,
  sightingOf,
  type StartMonitorStore,
  textsOf,
} from "./monitor-harness.ts";
import { claimOf, fenceOf, finishOf, newId, settleOf } from "./requests.ts";

/** Tests what claims and ends tell. */
export function describeTold(start: StartMonitorStore): void {
  describe("a claim that takes a task", () => {
    it("is nothing twice when the holder's token asks again with another hard limit", async () => {
      const { backend, store } = await start();
      const [received, started] = [letterOf("task-received"), letterOf("task-started")];
      const request = claimOf(newId(), {
        hardLimit: 10,
        notes: notesOf({ received: [received], started: [started], sighting: sightingOf() }),
      });

      await backend.claim(request);
      await backend.claim({ ...request, hardLimit: 20 });

      expect(await keptTexts(store)).toEqual(textsOf(received, started));
      expect(await store.workers()).toMatchObject([{ totals: { "shop.add": 1 } }]);
    });

    it("tells that the worker is online, that the task was received, and that it was started, in this order", async () => {
      const { backend, store } = await start();
      const online = letterOf("worker-online");
      const { notes, texts } = tellingNotes({ sighting: sightingOf({ online }) });

      await backend.claim(claimOf(newId(), { notes }));

      expect(await keptTexts(store)).toEqual([online.text, texts.received, texts.started]);
    });

    it("tells nothing again when the same token asks again, not even that the worker is still there", async () => {
      const { backend, store } = await start();
      const [online, heartbeat] = [letterOf("worker-online"), letterOf("worker-heartbeat")];
      const { notes, texts } = tellingNotes({ sighting: sightingOf({ online, heartbeat }) });
      const request = claimOf(newId(), { notes });
      const first = await backend.claim(request);

      expect(await backend.claim(request)).toEqual(first);
      expect(await backend.claim(request)).toEqual(first);

      expect(await keptTexts(store)).toEqual([online.text, texts.received, texts.started]);
    });

    it("tells that the task was received, and not that it was started, when it is early", async () => {
      const { backend, store } = await start();
      const { notes, texts } = tellingNotes();

      fenceOf(await backend.claim(claimOf(newId(), { notes, early: true })));

      expect(await keptTexts(store)).toEqual([texts.received]);
    });

    it.each<{ readonly answer: "revoked" | "lost"; readonly about: Partial<ClaimRequest> }>([
      { answer: "revoked", about: { expires: 1 } },
      { answer: "lost", about: { undeliverable: true } },
    ])(
      "tells that the task was received, and not that it was started, when it is $answer",
      async ({ answer, about }) => {
        const { backend, store } = await start();
        const { notes, texts } = tellingNotes();

        fenceOf(await backend.claim(claimOf(newId(), { notes, ...about })), answer);

        expect(await keptTexts(store)).toEqual([texts.received]);
      },
    );

    it("tells it again of the next attempt, and of one that is taken over", async () => {
      const harness = await start();
      const { backend, moment, store } = harness;
      const id = newId();
      const [first, taken, next] = [tellingNotes(), tellingNotes(), tellingNotes()];
      await backend.claim(claimOf(id, { notes: first.notes, lease: moment }));
      const ask = () => backend.claim(claimOf(id, { notes: taken.notes }));
      const fence = fenceOf(await eventually(harness, ask, notLeased));
      await backend.finish(finishOf(id, fence, { state: "RETRY" }));

      await backend.claim(claimOf(id, { notes: next.notes, retries: 1 }));

      const all = [first, taken, next].flatMap(({ texts }) => [texts.received, texts.started]);
      expect(await keptTexts(store)).toEqual(all);
    });
  });

  describe("a claim that ends what may be begun once", () => {
    it("tells that the task was received, and neither tells nor counts that it was started", async () => {
      const harness = await start();
      const { backend, moment, store } = harness;
      const id = newId();
      const [first, taken] = [tellingNotes({ sighting: sightingOf() }), tellingNotes()];
      await backend.claim(claimOf(id, { notes: first.notes, lease: moment, once: true }));

      const ask = () => backend.claim(claimOf(id, { notes: taken.notes, once: true }));
      fenceOf(await eventually(harness, ask, notLeased), "lost");

      expect(await keptTexts(store)).toEqual([first.texts.received, first.texts.started, taken.texts.received]);
      expect(await store.workers()).toMatchObject([{ totals: { "shop.add": 1 } }]);
    });
  });

  describe("a claim that takes nothing", () => {
    it("tells nothing, be the task leased, done or overtaken", async () => {
      const { backend, store } = await start();
      const [leased, done] = [newId(), newId()];
      await backend.claim(claimOf(leased, { retries: 1 }));
      await backend.finish(finishOf(done, fenceOf(await backend.claim(claimOf(done)))));
      const { notes } = tellingNotes();

      expect(await backend.claim(claimOf(leased, { retries: 1, notes }))).toMatchObject({ answer: "leased" });
      expect(await backend.claim(claimOf(leased, { notes }))).toMatchObject({ answer: "superseded" });
      expect(await backend.claim(claimOf(done, { notes }))).toMatchObject({ answer: "done" });

      expect(await keptTexts(store)).toEqual([]);
    });
  });

  describe("an end", () => {
    it("tells its events, in order, once", async () => {
      const { backend, store } = await start();
      const id = newId();
      const events = [letterOf("task-succeeded"), letterOf("task-sent"), letterOf("task-sent")];
      const request = finishOf(id, fenceOf(await backend.claim(claimOf(id))), { events });
      const first = await backend.finish(request);

      expect(await backend.finish(request)).toEqual(first);

      expect(await keptTexts(store)).toEqual(textsOf(...events));
    });

    it("tells nothing when it is refused", async () => {
      const harness = await start();
      const { backend, store } = harness;
      const [ended, settled, unknown] = [newId(), newId(), newId()];
      const events = [letterOf("task-succeeded")];
      const fence = fenceOf(await backend.claim(claimOf(ended, { lease: harness.moment })));
      fenceOf(await eventually(harness, () => backend.claim(claimOf(ended)), notLeased));
      await backend.claim(claimOf(settled));
      await backend.settle([settleOf(settled)]);

      expect(await backend.finish(finishOf(ended, fence, { events }))).toMatchObject({ applied: false });
      expect(await backend.finish(finishOf(settled, fence, { events }))).toMatchObject({ applied: false });
      expect(await backend.finish(finishOf(unknown, fence, { events }))).toMatchObject({ applied: false });

      expect(await keptTexts(store)).toEqual([]);
    });

    it("tells nothing when the attempt has ended otherwise", async () => {
      const { backend, store } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      const [failed, succeeded] = [letterOf("task-failed"), letterOf("task-succeeded")];
      await backend.finish(finishOf(id, fence, { state: "FAILURE", events: [failed] }));

      await backend.finish(finishOf(id, fence, { events: [succeeded] }));

      expect(await keptTexts(store)).toEqual([failed.text]);
    });
  });

  describe("many claims and ends at once", () => {
    it("tell each of theirs once", async () => {
      const harness = await start();
      const ids = Array.from({ length: 30 }, newId);

      const told = await Promise.all(ids.map((id) => lifeOf(harness, id)));

      expect((await keptTexts(harness.store)).toSorted()).toEqual(told.flat().toSorted());
      expect(await harness.store.counts()).toMatchObject({ active: 0, events: 90 });
    });
  });
}

/** Runs a task from its claim to its end; returns what was told of that. */
async function lifeOf({ backend }: MonitorStoreHarness, id: string): Promise<readonly string[]> {
  const { notes, texts } = tellingNotes();
  const fence = fenceOf(await backend.claim(claimOf(id, { notes })));
  const ended = letterOf("task-succeeded");
  await backend.finish(finishOf(id, fence, { events: [ended] }));
  return [texts.received, texts.started, ended.text];
}

/** Notes that tell both events, and their texts. */
function tellingNotes(about: Partial<ClaimNotes> = {}) {
  const [received, started] = [letterOf("task-received"), letterOf("task-started")];
  return {
    notes: notesOf({ received: [received], started: [started], ...about }),
    texts: { received: received.text, started: started.text },
  };
}
