/**
 * What the holder of a task may do, and what becomes of a task whose holder is gone (delivery.md 5, 6, 10, 11).
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import type { Fence } from "@umbel/protocol";
import type { BackendHarness, StartBackend } from "./backend-harness.ts";
import { eventually } from "./backend-harness.ts";
import { notLeased } from "./claims.ts";
import { claimOf, fenceOf, finishOf, newId, resultOf, settleOf } from "./requests.ts";

/** Tests `renew`, `progress`, and claims of what was left behind. */
export function describeHolding(start: StartBackend): void {
  describe("renew", () => {
    it("keeps a lease alive", async () => {
      const harness = await start();
      const id = newId();
      const fence = fenceOf(await harness.backend.claim(claimOf(id, { lease: harness.moment })));

      const renewal = await harness.backend.renew({ id, fence, lease: 600, retention: 3600 });

      await harness.pass(2 * harness.moment);
      expect(renewal).toEqual({ held: true, revoked: false, terminate: false });
      expect(await harness.backend.claim(claimOf(id))).toMatchObject({ answer: "leased" });
    });

    it("gives a lease back that has run out while nobody took over", async () => {
      const harness = await start();
      const id = newId();
      const fence = fenceOf(await harness.backend.claim(claimOf(id, { lease: harness.moment })));
      await harness.pass(2 * harness.moment);

      expect(await harness.backend.renew({ id, fence, lease: 600, retention: 3600 })).toMatchObject({ held: true });
      expect(await harness.backend.claim(claimOf(id))).toMatchObject({ answer: "leased" });
    });

    it("keeps the record for longer, and never for less long than was asked for before", async () => {
      const harness = await start();
      const { backend } = harness;
      const [longer, shorter] = [newId(), newId()];
      const claim = async (id: string, retention: number) => fenceOf(await backend.claim(claimOf(id, { retention })));
      const ofShorter = await claim(shorter, 3600);
      const ofLonger = await claim(longer, 10 * harness.moment);

      await backend.renew({ id: longer, fence: ofLonger, lease: 600, retention: 3600 });
      await backend.renew({ id: shorter, fence: ofShorter, lease: 600, retention: harness.moment });

      await harness.pass(11 * harness.moment);
      expect(await backend.claim(claimOf(longer))).toMatchObject({ answer: "leased" });
      expect(await backend.claim(claimOf(shorter))).toMatchObject({ answer: "leased" });
    });

    it("is refused to a holder that was taken over from, that has ended, or that is not known", async () => {
      const harness = await start();
      const { backend } = harness;
      const [ended, unknown] = [newId(), newId()];
      const taken = await takenOver(harness);
      const fence = fenceOf(await backend.claim(claimOf(ended)));
      await backend.finish(finishOf(ended, fence));

      const renew = async (id: string, by: Fence) => (await backend.renew({ id, fence: by, ...anHour })).held;

      expect(await renew(taken.id, taken.old)).toBe(false);
      expect(await renew(taken.id, taken.current)).toBe(true);
      expect(await renew(ended, fence)).toBe(false);
      expect(await renew(unknown, fence)).toBe(false);
    });

    it.each([
      { terminate: false, told: { held: true, revoked: true, terminate: false } },
      { terminate: true, told: { held: true, revoked: true, terminate: true } },
    ])("tells the holder that the task was revoked, terminate being $terminate", async ({ terminate, told }) => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      await backend.revoke({ ids: [id], terminate, retention: 3600 });

      expect(await backend.renew({ id, fence, ...anHour })).toEqual(told);
    });
  });

  describe("progress", () => {
    it("shows readers an intermediate state", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      const result = resultOf(id, { status: "PROGRESS", result: { done: 3, of: 10 } });

      expect(await backend.progress({ id, fence, result })).toBe(true);
      expect(await backend.read([id])).toEqual([result]);
    });

    it("is refused to a holder that was taken over from", async () => {
      const harness = await start();
      const { id, old } = await takenOver(harness);

      expect(await harness.backend.progress({ id, fence: old, result: resultOf(id) })).toBe(false);
      expect(await harness.backend.read([id])).toEqual([undefined]);
    });

    it("never replaces an end", async () => {
      const { backend } = await start();
      const [finished, settled] = [newId(), newId()];
      const fence = fenceOf(await backend.claim(claimOf(finished)));
      await backend.claim(claimOf(settled));
      await backend.finish(finishOf(finished, fence, { result: resultOf(finished) }));
      await backend.settle([settleOf(settled, { result: resultOf(settled) })]);

      const late = (id: string) => ({ id, fence, result: resultOf(id, { status: "PROGRESS" }) });

      expect(await backend.progress(late(finished))).toBe(false);
      expect(await backend.progress(late(settled))).toBe(false);
      expect(await backend.read([finished, settled])).toEqual([resultOf(finished), resultOf(settled)]);
    });
  });

  describe("claim of what a holder left behind", () => {
    it("is overdue when the hard limit has passed since the start", async () => {
      const harness = await start();
      const id = newId();
      const limits = { lease: harness.moment, hardLimit: harness.moment / 2 };
      await harness.backend.claim(claimOf(id, limits));

      const claim = await eventually(harness, () => harness.backend.claim(claimOf(id, limits)), notLeased);

      expect(claim).toEqual({ answer: "overdue", fence: { retries: 0, generation: 0, epoch: 1 } });
    });

    it("stays overdue when whoever was to end it is gone, too", async () => {
      const harness = await start();
      const id = newId();
      const limits = { lease: harness.moment, hardLimit: harness.moment / 2 };
      const ask = () => harness.backend.claim(claimOf(id, limits));
      await ask();
      fenceOf(await eventually(harness, ask, notLeased), "overdue");

      expect(fenceOf(await eventually(harness, ask, notLeased), "overdue").epoch).toBe(2);
    });

    it("runs within the hard limit, which counts from the new start", async () => {
      const harness = await start();
      const id = newId();
      const limits = { lease: harness.moment, hardLimit: 600 };
      await harness.backend.claim(claimOf(id, limits));

      const claim = await eventually(harness, () => harness.backend.claim(claimOf(id, limits)), notLeased);

      expect(fenceOf(claim).epoch).toBe(1);
    });

    it("is judged by the hard limit that the holder's token has asked for last, from the same start", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const [shortened, widened] = [newId(), newId()];
      const [short, long] = [moment / 2, 600];
      const first = claimOf(shortened, { lease: moment, hardLimit: long });
      const second = claimOf(widened, { lease: moment, hardLimit: short });
      const before = [await backend.claim(first), await backend.claim(second)];

      const again = [
        await backend.claim({ ...first, hardLimit: short }),
        await backend.claim({ ...second, hardLimit: long }),
      ];
      const ask = (id: string) => eventually(harness, () => backend.claim(claimOf(id)), notLeased);
      const after = [await ask(shortened), await ask(widened)];

      expect(again).toEqual(before);
      expect(after.map(({ answer }) => answer)).toEqual(["overdue", "run"]);
    });

    it("stays overdue when whoever was to end it asks again without a limit", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const id = newId();
      await backend.claim(claimOf(id, { lease: moment, hardLimit: moment / 2 }));
      const ending = claimOf(id, { lease: moment, undeliverable: true });
      fenceOf(await eventually(harness, () => backend.claim(ending), notLeased), "overdue");
      await backend.claim(ending);

      expect(await eventually(harness, () => backend.claim(claimOf(id)), notLeased)).toMatchObject({
        answer: "overdue",
      });
    });

    it("runs although the task has expired since it began", async () => {
      const harness = await start();
      const id = newId();
      await harness.backend.claim(claimOf(id, { lease: harness.moment, expires: farFuture }));

      const ask = () => harness.backend.claim(claimOf(id, { expires: 1 }));
      const claim = await eventually(harness, ask, notLeased);

      expect(fenceOf(claim).epoch).toBe(1);
    });

    it("is lost when nobody will deliver the task again", async () => {
      const harness = await start();
      const id = newId();
      await harness.backend.claim(claimOf(id, { lease: harness.moment }));

      const ask = () => harness.backend.claim(claimOf(id, { undeliverable: true }));
      const claim = await eventually(harness, ask, notLeased);

      expect(claim).toEqual({ answer: "lost", fence: { retries: 0, generation: 0, epoch: 1 } });
    });
  });

  describe("claim of what nobody will deliver again", () => {
    it("is lost when nobody ever held the task", async () => {
      const { backend } = await start();

      const claim = await backend.claim(claimOf(newId(), { undeliverable: true }));

      expect(claim).toEqual({ answer: "lost", fence: { retries: 0, generation: 0, epoch: 0 } });
    });

    it("waits while the holder is alive", async () => {
      const { backend } = await start();
      const id = newId();
      await backend.claim(claimOf(id));

      expect(await backend.claim(claimOf(id, { undeliverable: true }))).toMatchObject({ answer: "leased" });
    });

    it("hands the task to one of two who end it", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id, { undeliverable: true })), "lost");

      expect(await backend.claim(claimOf(id, { undeliverable: true }))).toMatchObject({ answer: "leased" });
      expect(await backend.finish(finishOf(id, fence, { state: "FAILURE" }))).toMatchObject({ applied: true });
      expect(await backend.claim(claimOf(id))).toEqual({ answer: "done", state: "FAILURE", effects: [] });
    });
  });

  describe("expiry", () => {
    it("revokes an attempt that is claimed for the first time too late, a retry included", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id, { expires: farFuture })));
      await backend.finish(finishOf(id, fence, { state: "RETRY" }));

      const claim = await backend.claim(claimOf(id, { retries: 1, expires: 1 }));

      expect(claim).toEqual({ answer: "revoked", reason: "expired", fence: { retries: 1, generation: 0, epoch: 0 } });
    });

    it("stays when whoever was to revoke the task is gone", async () => {
      const harness = await start();
      const request = { expires: 1, lease: harness.moment };
      const id = newId();
      await harness.backend.claim(claimOf(id, request));

      const claim = await eventually(harness, () => harness.backend.claim(claimOf(id, request)), notLeased);

      expect(claim).toEqual({ answer: "revoked", reason: "expired", fence: { retries: 0, generation: 0, epoch: 1 } });
    });
  });
}

const anHour = { lease: 3600, retention: 3600 };

/** Milliseconds; beyond every clock here, and within the integers of every store. */
const farFuture = 2 ** 45;

/** A task whose first holder is gone and whose second is at work. */
async function takenOver(harness: BackendHarness): Promise<{ id: string; old: Fence; current: Fence }> {
  const id = newId();
  const old = fenceOf(await harness.backend.claim(claimOf(id, { lease: harness.moment })));
  const current = fenceOf(await eventually(harness, () => harness.backend.claim(claimOf(id)), notLeased));
  return { id, old, current };
}
