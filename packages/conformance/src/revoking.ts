/**
 * Revoked tasks: marked in the store, so that the mark outlives broker and workers (delivery.md 16).
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import type { StartBackend } from "./backend-harness.ts";
import { eventually } from "./backend-harness.ts";
import { notLeased } from "./claims.ts";
import { claimOf, fenceOf, finishOf, newId } from "./requests.ts";

/** Tests `revoke`, and what it does to claims. */
export function describeRevoking(start: StartBackend): void {
  describe("revoke", () => {
    it("revokes tasks that nobody has claimed yet", async () => {
      const { backend } = await start();
      const ids = [newId(), newId()];

      await backend.revoke({ ids, terminate: false, retention: 3600 });

      const revoked = { answer: "revoked", reason: "revoked", fence: { retries: 0, generation: 0, epoch: 0 } };
      const claims = await Promise.all(ids.map((id) => backend.claim(claimOf(id))));
      expect(claims).toEqual([revoked, revoked]);
    });

    it("revokes nothing when there is nothing to revoke", async () => {
      const { backend } = await start();

      await expect(backend.revoke({ ids: [], terminate: true, retention: 3600 })).resolves.toBeUndefined();
    });

    it("names termination as the reason, once it was asked for", async () => {
      const { backend } = await start();
      const id = newId();
      await backend.revoke({ ids: [id], terminate: true, retention: 3600 });
      await backend.revoke({ ids: [id], terminate: false, retention: 3600 });

      expect(await backend.claim(claimOf(id))).toMatchObject({ answer: "revoked", reason: "terminated" });
    });

    it("comes before expiry and before loss", async () => {
      const { backend } = await start();
      const [expired, lost] = [newId(), newId()];
      await backend.revoke({ ids: [expired, lost], terminate: false, retention: 3600 });

      const revoked = { answer: "revoked", reason: "revoked" };
      expect(await backend.claim(claimOf(expired, { expires: 1 }))).toMatchObject(revoked);
      expect(await backend.claim(claimOf(lost, { undeliverable: true }))).toMatchObject(revoked);
    });

    it("revokes a running task's retries, not the attempt that runs", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));

      await backend.revoke({ ids: [id], terminate: false, retention: 3600 });

      expect(await backend.finish(finishOf(id, fence, { state: "RETRY" }))).toMatchObject({ applied: true });
      expect(await backend.claim(claimOf(id, { retries: 1 }))).toMatchObject({ answer: "revoked", reason: "revoked" });
    });

    it("revokes an attempt whose holder is gone", async () => {
      const harness = await start();
      const id = newId();
      await harness.backend.claim(claimOf(id, { lease: harness.moment }));
      await harness.backend.revoke({ ids: [id], terminate: true, retention: 3600 });

      const claim = await eventually(harness, () => harness.backend.claim(claimOf(id)), notLeased);

      const fence = { retries: 0, generation: 0, epoch: 1 };
      expect(claim).toEqual({ answer: "revoked", reason: "terminated", fence });
    });

    it("does not outweigh a hard limit that has passed, nor the loss of a holder", async () => {
      const harness = await start();
      const [overdue, lost] = [newId(), newId()];
      const lease = harness.moment;
      await harness.backend.claim(claimOf(overdue, { lease, hardLimit: lease / 2 }));
      await harness.backend.claim(claimOf(lost, { lease }));
      await harness.backend.revoke({ ids: [overdue, lost], terminate: false, retention: 3600 });

      const claim = (id: string, undeliverable: boolean) =>
        eventually(harness, () => harness.backend.claim(claimOf(id, { undeliverable })), notLeased);

      expect(await claim(overdue, false)).toMatchObject({ answer: "overdue" });
      expect(await claim(lost, true)).toMatchObject({ answer: "lost" });
    });

    it("changes nothing of a task that has ended", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      await backend.finish(finishOf(id, fence));

      await backend.revoke({ ids: [id], terminate: true, retention: 3600 });

      expect(await backend.claim(claimOf(id))).toEqual({ answer: "done", state: "SUCCESS", effects: [] });
    });

    it.each(["FAILURE", "REVOKED"] as const)(
      "closes a task that has ended %s: a newer delivery is none",
      async (state) => {
        const { backend } = await start();
        const [id, other] = [newId(), newId()];
        const ended = async (each: string) => {
          const fence = fenceOf(await backend.claim(claimOf(each)));
          await backend.finish(finishOf(each, fence, { state }));
        };
        await Promise.all([id, other].map(ended));

        await backend.revoke({ ids: [id], terminate: false, retention: 3600 });

        expect(await backend.claim(claimOf(id, { generation: 1 }))).toEqual({ answer: "done", state, effects: [] });
        expect(await backend.claim(claimOf(other, { generation: 1 }))).toMatchObject({ answer: "run" });
      },
    );

    it("leaves one end where a waiting task is delivered in two generations at once", async () => {
      const { backend } = await start();
      const id = newId();
      await backend.revoke({ ids: [id], terminate: false, retention: 3600 });
      const fence = { retries: 0, generation: 0, epoch: 0 };
      expect(await backend.claim(claimOf(id))).toEqual({ answer: "revoked", reason: "revoked", fence });
      await backend.finish(finishOf(id, fence, { state: "REVOKED" }));

      expect(await backend.claim(claimOf(id, { generation: 1 }))).toEqual({
        answer: "done",
        state: "REVOKED",
        effects: [],
      });
      expect(await backend.claim(claimOf(id))).toEqual({ answer: "done", state: "REVOKED", effects: [] });
    });

    it("is not forgotten sooner because somebody else needs the record for less long", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const [id, other] = [newId(), newId()];
      const fence = fenceOf(await backend.claim(claimOf(id)));
      await backend.revoke({ ids: [id, other], terminate: false, retention: 3600 });

      await backend.finish(finishOf(id, fence, { state: "RETRY", retention: moment }));
      await backend.claim(claimOf(id, { retention: moment }));
      await backend.revoke({ ids: [other], terminate: true, retention: moment });

      await harness.pass(2 * moment);
      expect(await backend.claim(claimOf(id, { retries: 1 }))).toMatchObject({ answer: "revoked" });
      expect(await backend.claim(claimOf(other))).toMatchObject({ answer: "revoked", reason: "terminated" });
    });

    it("is forgotten when its retention has passed", async () => {
      const harness = await start();
      const id = newId();
      await harness.backend.revoke({ ids: [id], terminate: false, retention: harness.moment });
      await harness.pass(2 * harness.moment);

      expect(await harness.backend.claim(claimOf(id))).toMatchObject({ answer: "run" });
    });
  });
}
