/**
 * Who may run a task: at most one at a time, and never an attempt that was overtaken (delivery.md 5 to 7).
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import type { RecordState, ResultMeta } from "@umbel/protocol";
import type { StartBackend } from "./backend-harness.ts";
import { eventually } from "./backend-harness.ts";
import { claimOf, fenceOf, finishOf, newId, resultOf, sendOf } from "./requests.ts";

/** Tests `claim` as far as deliveries of one task compete. */
export function describeClaims(start: StartBackend): void {
  describe("claim", () => {
    it("gives a task that nobody has to the first who asks", async () => {
      const { backend } = await start();

      const claim = await backend.claim(claimOf(newId(), { retries: 2, generation: 1 }));

      expect(claim).toEqual({ answer: "run", fence: { retries: 2, generation: 1, epoch: 0 } });
    });

    it("gives one token one answer", async () => {
      const { backend } = await start();
      const request = claimOf(newId());
      const first = await backend.claim(request);

      expect(await backend.claim(request)).toEqual(first);
    });

    it("tells everybody else how long the holder has, and how long it has been running", async () => {
      const { backend } = await start();
      const id = newId();
      await backend.claim(claimOf(id, { lease: 600 }));

      const claim = await backend.claim(claimOf(id));

      expect(claim).toEqual({ answer: "leased", remaining: expect.any(Number), running: expect.any(Number) });
      if (claim.answer !== "leased") return;
      expect(claim.remaining).toBeGreaterThan(500);
      expect(claim.remaining).toBeLessThanOrEqual(600);
      expect(claim.running).toBeGreaterThanOrEqual(0);
      expect(claim.running).toBeLessThan(100);
    });

    it("gives a task to one of many who ask at once", async () => {
      const { backend } = await start();
      const id = newId();

      const claims = await Promise.all(Array.from({ length: 16 }, () => backend.claim(claimOf(id))));

      const answers = claims.map(({ answer }) => answer);
      expect(answers.filter((answer) => answer === "run")).toHaveLength(1);
      expect(answers.filter((answer) => answer === "leased")).toHaveLength(15);
    });

    it("takes any text for an id", async () => {
      const { backend } = await start();
      const ids = [`${newId()} {a} "b" 'c'\n\\`, `${newId()}-æ-漢-🌼-*?[x]`, newId().padEnd(255, "x")];

      const run = async (id: string) => {
        const fence = fenceOf(await backend.claim(claimOf(id)));
        await backend.finish(finishOf(id, fence, { result: resultOf(id) }));
      };
      await Promise.all(ids.map(run));

      expect(await backend.read(ids)).toEqual(ids.map((id) => resultOf(id)));
    });

    it("lets another delivery take over, one epoch higher, when the lease has run out", async () => {
      const harness = await start();
      const id = newId();
      await harness.backend.claim(claimOf(id, { lease: harness.moment }));

      const claim = await eventually(harness, () => harness.backend.claim(claimOf(id)), notLeased);

      expect(claim).toEqual({ answer: "run", fence: { retries: 0, generation: 0, epoch: 1 } });
    });

    it("still gives the holder's token its answer when the lease has run out unnoticed", async () => {
      const harness = await start();
      const request = claimOf(newId(), { lease: harness.moment });
      const first = await harness.backend.claim(request);
      await harness.pass(2 * harness.moment);

      expect(await harness.backend.claim(request)).toEqual(first);
    });

    it.each([
      { older: [0, 0], newer: [1, 0] },
      { older: [0, 0], newer: [0, 1] },
      { older: [0, 7], newer: [1, 0] },
    ] as const)("forgets attempt $older once attempt $newer has come", async ({ older, newer }) => {
      const { backend } = await start();
      const id = newId();
      fenceOf(await backend.claim(claimOf(id, { retries: newer[0], generation: newer[1] })));

      const claim = await backend.claim(claimOf(id, { retries: older[0], generation: older[1] }));

      expect(claim).toEqual({ answer: "superseded" });
    });

    it("holds a newer attempt back while an older one is alive", async () => {
      const { backend } = await start();
      const id = newId();
      await backend.claim(claimOf(id));

      expect(await backend.claim(claimOf(id, { retries: 1 }))).toMatchObject({ answer: "leased" });
      expect(await backend.claim(claimOf(id, { generation: 1 }))).toMatchObject({ answer: "leased" });
    });

    it("starts a newer attempt at epoch 0 when the older one's holder is gone", async () => {
      const harness = await start();
      const id = newId();
      await harness.backend.claim(claimOf(id, { lease: harness.moment }));

      const ask = () => harness.backend.claim(claimOf(id, { retries: 1 }));
      const claim = await eventually(harness, ask, notLeased);

      expect(claim).toEqual({ answer: "run", fence: { retries: 1, generation: 0, epoch: 0 } });
    });

    it.each<RecordState>(["SUCCESS", "FAILURE", "REVOKED", "IGNORED", "RETRY", "REJECTED", "REPLACED"])(
      "hands what follows %s to whoever delivers the same attempt again",
      async (state) => {
        const { backend } = await start();
        const id = newId();
        const request = claimOf(id);
        const fence = fenceOf(await backend.claim(request));
        const effects = [sendOf(newId()), sendOf(newId())];
        await backend.finish(finishOf(id, fence, { state, effects }));

        expect(await backend.claim(claimOf(id))).toEqual({ answer: "done", state, effects });
        expect(await backend.claim(request)).toEqual({ answer: "done", state, effects });
        expect(await backend.claim(claimOf(id, { undeliverable: true }))).toEqual({ answer: "done", state, effects });
      },
    );

    it.each([
      { state: "RETRY", next: { retries: 1 } },
      { state: "REJECTED", next: { generation: 1 } },
      { state: "REPLACED", next: { retries: 1 } },
      { state: "FAILURE", next: { generation: 1 } },
      { state: "REVOKED", next: { generation: 1 } },
    ] as const)("runs the next attempt $next after $state", async ({ state, next }) => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      await backend.finish(finishOf(id, fence, { state }));

      const claim = await backend.claim(claimOf(id, next));

      expect(claim).toEqual({ answer: "run", fence: { retries: 0, generation: 0, ...next, epoch: 0 } });
      expect(await backend.claim(claimOf(id))).toEqual({ answer: "superseded" });
    });

    it.each([
      { state: "SUCCESS", next: { retries: 1 } },
      { state: "SUCCESS", next: { generation: 1 } },
      { state: "IGNORED", next: { retries: 1 } },
      { state: "IGNORED", next: { generation: 1 } },
      { state: "FAILURE", next: { retries: 1 } },
      { state: "REVOKED", next: { retries: 1 } },
    ] as const)("runs nothing for delivery $next after $state", async ({ state, next }) => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      const effects = [sendOf(newId())];
      await backend.finish(finishOf(id, fence, { state, effects }));

      expect(await backend.claim(claimOf(id, next))).toEqual({ answer: "done", state, effects });
    });

    it("shows readers that a task has started, but only when it runs", async () => {
      const { backend } = await start();
      const [run, expired] = [newId(), newId()];

      await backend.claim(claimOf(run, { started: started(run) }));
      await backend.claim(claimOf(expired, { started: started(expired), expires: 1 }));
      await backend.claim(claimOf(run, { started: resultOf(run, { status: "LATER" }) }));

      expect(await backend.read([run, expired])).toEqual([started(run), undefined]);
    });

    it("begins what may be begun once no second time: whoever takes over from its dead holder is to end it", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const id = newId();
      const request = claimOf(id, { lease: moment, once: true, started: started(id) });
      await backend.claim(request);

      const taken = claimOf(id, { once: true, started: resultOf(id, { status: "LATER" }) });
      const claim = await eventually(harness, () => backend.claim(taken), notLeased);

      expect(claim).toEqual({ answer: "lost", fence: { retries: 0, generation: 0, epoch: 1 } });
      expect(await backend.claim(taken)).toEqual(claim);
      expect(await backend.read([id])).toEqual([started(id)]);
    });

    it("begins it for the first time after a holder that was only to send the message on, and in its next attempt", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const [sentOn, begun] = [newId(), newId()];
      await backend.claim(claimOf(sentOn, { lease: moment, early: true, once: true }));
      await backend.claim(claimOf(begun, { lease: moment, once: true }));
      await harness.pass(2 * moment);

      expect(await backend.claim(claimOf(sentOn, { once: true }))).toMatchObject({ answer: "run" });
      expect(await backend.claim(claimOf(begun, { retries: 1, once: true }))).toMatchObject({ answer: "run" });
    });

    it("judges expiry anew after a holder that was only to send the message on, since nothing has begun", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const [sentOn, begun] = [newId(), newId()];
      await backend.claim(claimOf(sentOn, { lease: moment, early: true }));
      await backend.claim(claimOf(begun, { lease: moment }));
      await harness.pass(2 * moment);

      expect(await backend.claim(claimOf(sentOn, { expires: 1 }))).toMatchObject({
        answer: "revoked",
        reason: "expired",
      });
      expect(await backend.claim(claimOf(begun, { expires: 1 }))).toMatchObject({ answer: "run" });
    });

    it("does not go back to the start for readers when a token asks again", async () => {
      const { backend } = await start();
      const id = newId();
      const request = claimOf(id, { started: started(id) });
      const fence = fenceOf(await backend.claim(request));
      const progress = resultOf(id, { status: "PROGRESS" });
      await backend.progress({ id, fence, result: progress });

      await backend.claim(request);

      expect(await backend.read([id])).toEqual([progress]);
    });

    it("knows a task no longer when its retention has passed", async () => {
      const harness = await start();
      const id = newId();
      await harness.backend.claim(claimOf(id, { retention: harness.moment }));
      await harness.pass(2 * harness.moment);

      expect(fenceOf(await harness.backend.claim(claimOf(id))).epoch).toBe(0);
    });
  });
}

function started(id: string): ResultMeta {
  return resultOf(id, { status: "STARTED", result: { hostname: "edge" } });
}

/** Whether a claim was not told to come back later. */
export function notLeased({ answer }: { readonly answer: string }): boolean {
  return answer !== "leased";
}
