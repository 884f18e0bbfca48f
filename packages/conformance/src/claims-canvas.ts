/**
 * Messages with one id that are of several canvases: what follows each is told how the task has ended (delivery.md 14).
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import type { RecordState } from "@umbel/protocol";
import type { StartBackend } from "./backend-harness.ts";
import { eventually } from "./backend-harness.ts";
import { notLeased } from "./claims.ts";
import { claimOf, fenceOf, finishOf, newId, sendOf, settleOf } from "./requests.ts";

/** Tests what `claim` and `finish` say of what nobody else tells. */
export function describeCanvases(start: StartBackend): void {
  describe("claims of several canvases", () => {
    it.each<RecordState>(["SUCCESS", "FAILURE", "REVOKED", "IGNORED", "RETRY", "REJECTED", "REPLACED"])(
      "says after %s what follows a delivery that nobody has told",
      async (state) => {
        const { backend } = await start();
        const id = newId();
        const fence = fenceOf(await backend.claim(claimOf(id, { canvas: "mine" })));
        const effects = [sendOf(newId())];
        await backend.finish(finishOf(id, fence, { state, effects, canvas: "mine" }));

        const done = { answer: "done", state, effects };
        expect(await backend.claim(claimOf(id, { canvas: "other" }))).toEqual({ ...done, untold: true });
        expect(await backend.claim(claimOf(id, { canvas: "min" }))).toEqual({ ...done, untold: true });
        expect(await backend.claim(claimOf(id, { canvas: "mine" }))).toEqual(done);
        expect(await backend.claim(claimOf(id))).toEqual(done);
      },
    );

    it("says so also where nothing followed the one that has held it, where it was only settled, and where it was overtaken", async () => {
      const { backend } = await start();
      const [alone, settled, retried] = [newId(), newId(), newId()];
      await backend.finish(finishOf(alone, fenceOf(await backend.claim(claimOf(alone)))));
      await backend.settle([settleOf(settled)]);
      const next = claimOf(retried, { retries: 1, canvas: "mine" });
      const fence = fenceOf(await backend.claim(next));
      const late = () => backend.claim(claimOf(retried, { canvas: "other" }));

      expect(await backend.claim(claimOf(alone, { canvas: "other" }))).toMatchObject({ untold: true });
      expect(await backend.claim(claimOf(settled, { canvas: "other" }))).toMatchObject({ untold: true });
      expect(await late()).toEqual({ answer: "superseded", untold: true });
      await backend.finish(finishOf(retried, fence, { state: "REVOKED", canvas: "mine" }));
      expect(await late()).toEqual({ answer: "superseded", untold: true, state: "REVOKED" });
      expect(await backend.claim(claimOf(retried, { canvas: "mine" }))).toEqual({ answer: "superseded" });
    });

    it("remembers what followed each attempt of a task", async () => {
      const { backend } = await start();
      const id = newId();
      for (const [retries, canvas] of ["first", "second", "first"].entries()) {
        const fence = fenceOf(await backend.claim(claimOf(id, { retries, canvas })));
        await backend.finish(finishOf(id, fence, { state: retries < 2 ? "REPLACED" : "SUCCESS", canvas }));
      }

      expect(await backend.claim(claimOf(id, { canvas: "first" }))).toEqual({ answer: "superseded" });
      expect(await backend.claim(claimOf(id, { canvas: "second" }))).toEqual({ answer: "superseded" });
      expect(await backend.claim(claimOf(id, { retries: 2, canvas: "second" }))).not.toHaveProperty("untold");
    });

    it("takes what followed a holder that died for untold once another message has ended its attempt", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const id = newId();
      await backend.claim(claimOf(id, { lease: moment, canvas: "dead" }));
      const next = claimOf(id, { canvas: "mine" });
      const fence = fenceOf(await eventually(harness, () => backend.claim(next), notLeased));
      await backend.finish(finishOf(id, fence, { canvas: "mine" }));

      expect(await backend.claim(claimOf(id, { canvas: "dead" }))).toMatchObject({ answer: "done", untold: true });
    });

    it("takes what the canvas has that has settled the task for told, and what followed attempts of another for untold", async () => {
      const { backend } = await start();
      const id = newId();
      const mine = { canvas: "mine.a" };
      await backend.finish(
        finishOf(id, fenceOf(await backend.claim(claimOf(id, mine))), { state: "REPLACED", ...mine }),
      );
      await backend.settle([settleOf(id, { canvas: "other" })]);
      const done = { answer: "done", state: "FAILURE", effects: [] };

      expect(await backend.claim(claimOf(id, { canvas: "other.b" }))).toEqual(done);
      expect(await backend.claim(claimOf(id, { retries: 1, canvas: "other.c" }))).toEqual(done);
      expect(await backend.claim(claimOf(id, mine))).toEqual({ ...done, untold: true });
    });

    it("takes what followed every attempt for untold where nobody knows who has settled the task", async () => {
      const { backend } = await start();
      const id = newId();
      const mine = { canvas: "mine" };
      await backend.finish(finishOf(id, fenceOf(await backend.claim(claimOf(id, mine))), { state: "RETRY", ...mine }));
      await backend.settle([settleOf(id)]);

      expect(await backend.claim(claimOf(id, mine))).toMatchObject({ answer: "done", untold: true });
    });

    it("takes a line of calls for another than the next, and for its whole canvas", async () => {
      const { backend } = await start();
      const id = newId();
      const line = { canvas: "mine.a" };
      await backend.finish(finishOf(id, fenceOf(await backend.claim(claimOf(id, line))), line));

      expect(await backend.claim(claimOf(id, { canvas: "mine.b" }))).toMatchObject({ untold: true });
      expect(await backend.claim(claimOf(id, line))).not.toHaveProperty("untold");
      expect(await backend.claim(claimOf(id, { canvas: "mine" }))).not.toHaveProperty("untold");
    });

    it("says to a holder that was overtaken whether another canvas has, or has had, its task", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const id = newId();
      const old = fenceOf(await backend.claim(claimOf(id, { lease: moment, canvas: "mine" })));
      const next = claimOf(id, { canvas: "mine" });
      const fence = fenceOf(await eventually(harness, () => backend.claim(next), notLeased));
      const late = (canvas: string) => backend.finish(finishOf(id, old, { canvas }));

      expect(await late("mine")).toEqual({ applied: false, effects: [] });
      expect(await late("other")).toEqual({ applied: false, effects: [], untold: true });
      await backend.finish(finishOf(id, fence, { canvas: "mine" }));
      expect(await late("mine")).toEqual({ applied: false, effects: [] });
      expect(await late("other")).toEqual({ applied: false, effects: [], untold: true });
    });

    it("takes an end that something follows, although no canvas is known, for an older version's", async () => {
      const { backend } = await start();
      const id = newId();
      const effects = [sendOf(newId())];
      await backend.finish(finishOf(id, fenceOf(await backend.claim(claimOf(id))), { effects }));

      const claim = await backend.claim(claimOf(id, { canvas: "mine" }));

      expect(claim).toEqual({ answer: "done", state: "SUCCESS", effects });
    });
  });
}
