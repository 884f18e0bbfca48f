/**
 * Directives: one text for all workers, changed by one operator at a time, and told to whoever claims.
 *
 * @module
 */

import type { Claim } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { changeOf, direct, notesOf, type StartMonitorStore } from "./monitor-harness.ts";
import { claimOf, fenceOf, finishOf, newId } from "./requests.ts";

/** Tests `directives`, `direct`, and what claims are told. */
export function describeDirectives(start: StartMonitorStore): void {
  describe("directives", () => {
    it("are none until somebody asks for something", async () => {
      const { backend, store } = await start();

      expect(await store.directives()).toBeUndefined();
      expect(await backend.claim(claimOf(newId(), { notes: notesOf() }))).not.toHaveProperty("directives");
    });

    it("are told to be none to whoever knows others, as after a store has lost them", async () => {
      const { backend } = await start();

      const claim = await backend.claim(claimOf(newId(), { notes: notesOf({ directives: "lost" }) }));

      expect(claim).toMatchObject({ answer: "run", directives: { revision: "", text: "{}" } });
    });

    it("are kept as they were written, each change under a revision of its own", async () => {
      const { store } = await start();

      const first = await store.direct(changeOf({ text: '{"taskEvents":true}' }));
      const second = await store.direct(changeOf({ from: first?.revision ?? "", text: '{"note":"æ 漢 🌼 \\" \'"}' }));

      expect(first).toStrictEqual({ revision: expect.any(String), text: '{"taskEvents":true}' });
      expect(second?.text).toBe('{"note":"æ 漢 🌼 \\" \'"}');
      expect(second?.revision).not.toBe(first?.revision);
      expect(first?.revision).not.toBe("");
      expect(await store.directives()).toStrictEqual(second);
    });

    it("are changed by nobody who has not seen what they are", async () => {
      const harness = await start();
      const { store } = harness;
      const first = await direct(harness, { text: '{"n":1}' });
      const second = await direct(harness, { from: first.revision, text: '{"n":2}' });

      const late = [
        await store.direct(changeOf({ text: '{"n":3}', paused: ["default"] })),
        await store.direct(changeOf({ from: first.revision, text: '{"n":4}' })),
        await store.direct(changeOf({ from: "nonsense", text: '{"n":5}' })),
      ];

      expect(late).toEqual([undefined, undefined, undefined]);
      expect(await store.directives()).toStrictEqual(second);
      expect(await harness.backend.claim(claimOf(newId(), { notes: notesOf() }))).toMatchObject({ answer: "run" });
    });

    it("are changed once by a change that is made again, as after a lost answer, and both hear the same", async () => {
      const harness = await start();
      const { store } = harness;
      const before = await direct(harness, { text: '{"n":1}' });
      const change = changeOf({ from: before.revision, text: '{"n":2}', paused: ["default"], drained: ["w"] });

      const first = await store.direct(change);
      const again = await store.direct(change);

      expect(first).toStrictEqual({ revision: expect.any(String), text: '{"n":2}' });
      expect(again).toStrictEqual(first);
      expect(await store.directives()).toStrictEqual(first);
      expect(await harness.backend.claim(claimOf(newId(), { notes: notesOf() }))).toMatchObject({ answer: "paused" });
    });

    it("are not changed back by a change that is made again after another's", async () => {
      const harness = await start();
      const { store } = harness;
      const late = changeOf({ text: '{"n":1}' });
      const first = await direct(harness, late);
      const other = await direct(harness, { from: first.revision, text: '{"n":2}' });
      const last = await direct(harness, { from: other.revision, text: '{"n":1}' });

      expect(await store.direct(late)).toBeUndefined();
      expect(await store.direct(changeOf({ from: first.revision, text: '{"n":1}' }))).toBeUndefined();
      expect(new Set([first, other, last].map(({ revision }) => revision)).size).toBe(3);
      expect(await store.directives()).toStrictEqual(last);
    });

    it("are changed by one of many who do so at once", async () => {
      const { store } = await start();

      const changes = await Promise.all(
        Array.from({ length: 8 }, (_, n) => store.direct(changeOf({ text: JSON.stringify({ n }) }))),
      );

      const made = changes.filter((change) => change !== undefined);
      expect(made).toHaveLength(1);
      expect(await store.directives()).toStrictEqual(made[0]);
    });

    it("come with any answer to a claim that knows others", async () => {
      const harness = await start();
      const { backend } = harness;
      const [held, done, revoked, lost] = [newId(), newId(), newId(), newId()];
      const request = claimOf(held, { retries: 1 });
      await backend.claim(request);
      await backend.finish(finishOf(done, fenceOf(await backend.claim(claimOf(done)))));
      const directives = await direct(harness);

      const notes = notesOf();
      const claims: readonly Claim[] = [
        await backend.claim({ ...request, notes }),
        await backend.claim(claimOf(held, { retries: 1, notes })),
        await backend.claim(claimOf(held, { notes })),
        await backend.claim(claimOf(done, { notes })),
        await backend.claim(claimOf(revoked, { expires: 1, notes })),
        await backend.claim(claimOf(lost, { undeliverable: true, notes })),
        await backend.claim(claimOf(newId(), { notes: notesOf({ directives: "an older one" }) })),
      ];

      const answers = ["run", "leased", "superseded", "done", "revoked", "lost", "run"];
      expect(claims.map(({ answer }) => answer)).toEqual(answers);
      expect(claims.map((claim) => claim.directives)).toStrictEqual(answers.map(() => directives));
    });

    it("do not come to whoever knows them, nor to whoever tells nothing", async () => {
      const harness = await start();
      const { backend } = harness;
      const { revision } = await direct(harness);
      const id = newId();

      const claims = [
        await backend.claim(claimOf(newId(), { notes: notesOf({ directives: revision }) })),
        await backend.claim(claimOf(id)),
        await backend.claim(claimOf(id, { notes: notesOf({ directives: revision }) })),
      ];

      expect(claims.map((claim) => "directives" in claim)).toEqual([false, false, false]);
    });

    it("come beside the texts that a claim asks for", async () => {
      const harness = await start();
      const { backend } = harness;
      const name = newId();
      await backend.save(name, "kept", 3600);
      const directives = await direct(harness);

      const claim = await backend.claim(claimOf(newId(), { load: [name], notes: notesOf() }));

      expect(claim).toMatchObject({ answer: "run", texts: ["kept"], directives });
    });
  });
}
