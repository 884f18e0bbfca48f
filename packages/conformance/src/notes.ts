/**
 * What calls tell whoever watches: it never changes what they answer, nor what becomes of a task.
 *
 * @module
 */

import type { ClaimNotes, Sighting } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import type { StartBackend } from "./backend-harness.ts";
import { letterOf, notesOf, sightingOf } from "./monitor-harness.ts";
import { claimOf, fenceOf, finishOf, newId, resultOf } from "./requests.ts";

/** Tests the calls that may tell something, of a store that nobody needs to watch. */
export function describeNotes(start: StartBackend): void {
  describe("a claim with notes", () => {
    it("is answered as one without", async () => {
      const { backend } = await start();
      const id = newId();
      const notes = talkative();
      const request = claimOf(id, { retries: 1, notes });

      const first = await backend.claim(request);

      expect(first).toEqual({ answer: "run", fence: { retries: 1, generation: 0, epoch: 0 } });
      expect(await backend.claim(request)).toEqual(first);
      expect(await backend.claim(claimOf(id, { retries: 1, notes }))).toMatchObject({ answer: "leased" });
      expect(await backend.claim(claimOf(id, { notes }))).toEqual({ answer: "superseded" });
      await backend.finish(finishOf(id, fenceOf(first)));
      expect(await backend.claim(request)).toEqual({ answer: "done", state: "SUCCESS", effects: [] });
    });

    it.each([
      { about: { expires: 1 }, answer: { answer: "revoked", reason: "expired" } },
      { about: { undeliverable: true }, answer: { answer: "lost" } },
      { about: { early: true }, answer: { answer: "run" } },
    ])("with $about is answered $answer.answer", async ({ about, answer }) => {
      const { backend } = await start();

      const claim = await backend.claim(claimOf(newId(), { ...about, notes: talkative() }));

      expect(claim).toEqual({ ...answer, fence: { retries: 0, generation: 0, epoch: 0 } });
    });

    it("brings the texts that it asks for, and shows readers that the task has started", async () => {
      const { backend } = await start();
      const [id, name] = [newId(), newId()];
      const started = resultOf(id, { status: "STARTED" });
      await backend.save(name, "kept", 3600);

      const claim = await backend.claim(claimOf(id, { load: [name, newId()], started, notes: talkative() }));

      expect(claim).toMatchObject({ answer: "run", texts: ["kept", undefined] });
      expect(await backend.read([id])).toEqual([started]);
    });
  });

  describe("a renewal with a sighting", () => {
    it("is answered as one without", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      const renewal = { id, fence, lease: 600, retention: 3600, sighting: tellingSighting() };

      expect(await backend.renew(renewal)).toEqual({ held: true, revoked: false, terminate: false });
      expect(await backend.renew({ ...renewal, id: newId() })).toMatchObject({ held: false });
    });
  });

  describe("an end with events", () => {
    it("is stored as one without, once", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      const request = finishOf(id, fence, { result: resultOf(id), events: [letterOf("task-succeeded")] });

      expect(await backend.finish(request)).toEqual({ applied: true, effects: [] });
      expect(await backend.finish(request)).toEqual({ applied: true, effects: [] });
      expect(await backend.finish({ ...request, fence: { ...fence, epoch: 7 } })).toMatchObject({ applied: false });
      expect(await backend.read([id])).toEqual([resultOf(id)]);
    });
  });

  describe("emit", () => {
    it("takes events, and none", async ({ skip }) => {
      const { backend } = await start();
      skip(!("emit" in backend), "nobody can watch");

      await expect(backend.emit?.([letterOf("task-sent"), letterOf("shop-opened")])).resolves.toBeUndefined();
      await expect(backend.emit?.([])).resolves.toBeUndefined();
    });
  });
}

/** Notes that have everything. */
function talkative(): ClaimNotes {
  return notesOf({
    about: '{"args":"(\'æ 漢 🌼\',)"}',
    received: [letterOf("task-received")],
    started: [letterOf("task-started")],
    sighting: tellingSighting(),
  });
}

function tellingSighting(): Sighting {
  return sightingOf({ online: letterOf("worker-online"), heartbeat: letterOf("worker-heartbeat") });
}
