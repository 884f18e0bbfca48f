/**
 * What a claimant does not begin: the message comes again, and may be given up, without harm (delivery.md 11).
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import { eventually, type StartBackend } from "./backend-harness.ts";
import { notLeased } from "./claims.ts";
import { claimOf, fenceOf, finishOf, newId, resultOf, sendOf } from "./requests.ts";

/** Tests `claim` by whom the queue is not its own. */
export function describeDeclined(start: StartBackend): void {
  describe("a claim that declines", () => {
    it("is refused where it would run, and holds and shows nothing", async () => {
      const { backend } = await start();
      const id = newId();

      const claim = await backend.claim(claimOf(id, { declined: true, started: resultOf(id, { status: "STARTED" }) }));

      expect(claim).toEqual({ answer: "paused" });
      expect(await backend.read([id])).toEqual([undefined]);
      expect(await backend.claim(claimOf(id))).toEqual({
        answer: "run",
        fence: { retries: 0, generation: 0, epoch: 0 },
      });
    });

    it("takes over nothing from a dead holder", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const id = newId();
      await backend.claim(claimOf(id, { lease: moment }));

      const asked = claimOf(id, { declined: true });
      const claim = await eventually(harness, () => backend.claim(asked), notLeased);

      expect(claim).toEqual({ answer: "paused" });
      expect(await backend.claim(claimOf(id))).toMatchObject({ answer: "run", fence: { epoch: 1 } });
    });

    it("is remembered where nobody has begun it: whoever hears that it was given up knows that it need not fail", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const [waiting, begun] = [newId(), newId()];
      await backend.claim(claimOf(waiting, { declined: true }));
      await backend.claim(claimOf(begun, { lease: moment }));
      await eventually(harness, () => backend.claim(claimOf(begun, { declined: true })), notLeased);

      const givenUp = { undeliverable: true, declined: true };
      const lost = [
        await backend.claim(claimOf(waiting, givenUp)),
        await backend.claim(claimOf(begun, givenUp)),
        await backend.claim(claimOf(newId(), givenUp)),
      ];

      expect(lost).toMatchObject([{ answer: "lost", wasPaused: true }, { answer: "lost" }, { answer: "lost" }]);
      expect(lost.map((claim) => "wasPaused" in claim)).toEqual([true, false, false]);
    });

    it("performs, ends and waits as any other", async () => {
      const { backend } = await start();
      const [done, revoked, expired, held] = [newId(), newId(), newId(), newId()];
      const effects = [sendOf("next")];
      const fence = fenceOf(await backend.claim(claimOf(done)));
      await backend.finish(finishOf(done, fence, { effects }));
      await backend.revoke({ ids: [revoked], terminate: false, retention: 3600 });
      await backend.claim(claimOf(held));

      expect(await backend.claim(claimOf(done, { declined: true }))).toEqual({
        answer: "done",
        state: "SUCCESS",
        effects,
      });
      expect(await backend.claim(claimOf(revoked, { declined: true }))).toMatchObject({ answer: "revoked" });
      expect(await backend.claim(claimOf(expired, { declined: true, expires: 1 }))).toMatchObject({
        answer: "revoked",
        reason: "expired",
      });
      expect(await backend.claim(claimOf(held, { declined: true }))).toMatchObject({ answer: "leased" });
    });
  });
}
