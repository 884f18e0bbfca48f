/**
 * How tasks end: once, with what follows, for good (delivery.md 8, 9, 14).
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import type { Effect, RecordState, TerminalState } from "@umbel/protocol";
import type { StartBackend } from "./backend-harness.ts";
import { eventually } from "./backend-harness.ts";
import { notLeased } from "./claims.ts";
import { claimOf, failureOf, fenceOf, finishOf, messageOf, newId, partOf } from "./requests.ts";
import { publicationOf, resultOf, sendOf, settleOf } from "./requests.ts";

/** Tests `finish` and `settle`. */
export function describeEndings(start: StartBackend): void {
  describe("finish", () => {
    it("stores how the attempt ended, for readers and with what follows", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      const effects = [sendOf(newId())];

      const finish = await backend.finish(finishOf(id, fence, { result: resultOf(id), effects }));

      expect(finish).toEqual({ applied: true, effects });
      expect(await backend.read([id])).toEqual([resultOf(id)]);
    });

    it("shows readers nothing when the result is ignored", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));

      expect(await backend.finish(finishOf(id, fence))).toEqual({ applied: true, effects: [] });
      expect(await backend.read([id])).toEqual([undefined]);
    });

    it("gives a repeated finish its first answer", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      const effects = [sendOf(newId())];
      await backend.finish(finishOf(id, fence, { effects, result: resultOf(id) }));

      const other = { state: "FAILURE", effects: [sendOf(newId())], result: failureOf(id, "late") } as const;
      const again = await backend.finish(finishOf(id, fence, other));

      expect(again).toEqual({ applied: true, effects });
      expect(await backend.read([id])).toEqual([resultOf(id)]);
      expect(await backend.claim(claimOf(id))).toEqual({ answer: "done", state: "SUCCESS", effects });
    });

    it("stores one of many ends that come at once", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      const ends = Array.from({ length: 16 }, () => finishOf(id, fence, { effects: [sendOf(newId())] }));

      const answers = await Promise.all(ends.map((end) => backend.finish(end)));

      expect(new Set(answers.map(({ effects }) => JSON.stringify(effects))).size).toBe(1);
    });

    it("refuses a holder that was taken over from, and shows it how the task ended once it has", async () => {
      const harness = await start();
      const { backend } = harness;
      const id = newId();
      const old = fenceOf(await backend.claim(claimOf(id, { lease: harness.moment })));
      const current = fenceOf(await eventually(harness, () => backend.claim(claimOf(id)), notLeased));
      const late = finishOf(id, old, { effects: [sendOf(newId())], result: failureOf(id, "late") });
      const effects = [sendOf(newId())];

      expect(await backend.finish(late)).toEqual({ applied: false, effects: [] });
      expect(await backend.finish(finishOf(id, current, { effects }))).toEqual({ applied: true, effects });
      expect(await backend.finish(late)).toEqual({ applied: false, effects });
      expect(await backend.read([id])).toEqual([undefined]);
    });

    it("refuses an attempt that a newer one has overtaken", async () => {
      const harness = await start();
      const { backend } = harness;
      const id = newId();
      const old = fenceOf(await backend.claim(claimOf(id, { lease: harness.moment })));
      fenceOf(await eventually(harness, () => backend.claim(claimOf(id, { retries: 1 })), notLeased));

      expect(await backend.finish(finishOf(id, old))).toEqual({ applied: false, effects: [] });
    });

    it("refuses whoever has not claimed", async () => {
      const { backend } = await start();
      const fence = { retries: 0, generation: 0, epoch: 0 };

      expect(await backend.finish(finishOf(newId(), fence))).toEqual({ applied: false, effects: [] });
    });

    it("keeps every value as it was", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      const effects = effectsWith(awkward);

      const finish = await backend.finish(finishOf(id, fence, { effects, result: resultOf(id, { result: awkward }) }));

      expect(finish.effects).toEqual(effects);
      expect(await backend.claim(claimOf(id))).toMatchObject({ effects });
      expect(await backend.read([id])).toEqual([resultOf(id, { result: awkward })]);
    });

    it("refuses what nobody could read again, before it stores anything", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      const unreadable: Effect = { kind: "send", publication: publicationOf(newId(), { queue: "" }) };

      const refused = backend.finish(finishOf(id, fence, { effects: [unreadable], result: resultOf(id) }));
      await expect(refused).rejects.toMatchObject({ code: "ENCODE", transient: false });
      const result = resultOf(id, { result: () => "no JSON" });
      await expect(backend.finish(finishOf(id, fence, { result }))).rejects.toMatchObject({ code: "ENCODE" });
      const settled = settleOf(newId(), { result });
      await expect(backend.settle([settled])).rejects.toMatchObject({ code: "ENCODE" });
      const nameless = backend.progress({ id, fence, result: resultOf(id, { status: "" }) });
      await expect(nameless).rejects.toMatchObject({ code: "ENCODE", transient: false });

      expect(await backend.read([id])).toEqual([undefined]);
      expect(await backend.finish(finishOf(id, fence))).toEqual({ applied: true, effects: [] });
      expect(await backend.claim(claimOf(settled.id))).toMatchObject({ answer: "run" });
    });

    it("takes no value for null", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      const part = partOf(id, { result: undefined });

      await backend.finish(finishOf(id, fence, { result: resultOf(id, { result: undefined }) }));

      expect(await backend.read([id])).toEqual([resultOf(id, { result: null })]);
      expect(await backend.join({ group: newId(), size: 1, part, retention: 3600 })).toEqual({
        complete: true,
        parts: [{ ...part, result: null }],
      });
    });

    it("keeps a result no longer than it says", async () => {
      const harness = await start();
      const [short, long] = [newId(), newId()];
      const end = async (id: string, resultExpires: number) => {
        const fence = fenceOf(await harness.backend.claim(claimOf(id)));
        await harness.backend.finish(finishOf(id, fence, { result: resultOf(id), resultExpires }));
      };
      await Promise.all([end(short, harness.moment), end(long, 3600)]);

      const read = await eventually(
        harness,
        () => harness.backend.read([short, long]),
        ([first]) => !first,
      );

      expect(read).toEqual([undefined, resultOf(long)]);
    });
  });

  describe("settle", () => {
    it.each<TerminalState>(["SUCCESS", "FAILURE", "REVOKED", "IGNORED"])(
      "ends a task that never ran as %s, whatever is delivered later",
      async (state) => {
        const { backend } = await start();
        const id = newId();

        await backend.settle([settleOf(id, { state, result: failureOf(id, "before") })]);

        const done = { answer: "done", state, effects: [] };
        expect(await backend.read([id])).toEqual([failureOf(id, "before")]);
        expect(await backend.claim(claimOf(id))).toEqual(done);
        expect(await backend.claim(claimOf(id, { retries: 3 }))).toEqual(done);
        expect(await backend.claim(claimOf(id, { generation: 1 }))).toEqual(done);
        expect(await backend.claim(claimOf(id, { undeliverable: true }))).toEqual(done);
      },
    );

    it("ends many at once, and none of none", async () => {
      const { backend } = await start();
      const ids = Array.from({ length: 30 }, newId);

      await backend.settle(ids.map((id) => settleOf(id, { result: failureOf(id, "before") })));
      await backend.settle([]);

      expect(await backend.read(ids)).toEqual(ids.map((id) => failureOf(id, "before")));
    });

    it("changes nothing of a task that has ended", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      const effects = [sendOf(newId())];
      await backend.finish(finishOf(id, fence, { effects, result: resultOf(id) }));

      await backend.settle([settleOf(id, { result: failureOf(id, "late") })]);

      expect(await backend.read([id])).toEqual([resultOf(id)]);
      expect(await backend.claim(claimOf(id))).toEqual({ answer: "done", state: "SUCCESS", effects });
    });

    it.each<RecordState>(["RETRY", "REJECTED", "REPLACED"])("ends a task that waits after %s", async (state) => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));
      await backend.finish(finishOf(id, fence, { state, effects: [sendOf(newId())] }));

      await backend.settle([settleOf(id)]);

      expect(await backend.claim(claimOf(id))).toEqual({ answer: "done", state: "FAILURE", effects: [] });
      expect(await backend.claim(claimOf(id, { retries: 1 }))).toEqual({
        answer: "done",
        state: "FAILURE",
        effects: [],
      });
    });

    it("fences off a holder that is at work", async () => {
      const { backend } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id)));

      await backend.settle([settleOf(id, { result: failureOf(id, "before") })]);

      const late = finishOf(id, fence, { effects: [sendOf(newId())], result: resultOf(id) });
      expect(await backend.renew({ id, fence, lease: 60, retention: 3600 })).toMatchObject({ held: false });
      expect(await backend.finish(late)).toEqual({ applied: false, effects: [] });
      expect(await backend.read([id])).toEqual([failureOf(id, "before")]);
    });
  });
}

/** What a store may not bend: empties, text beyond Latin, numbers at the edges of both languages. */
const awkward = {
  list: [],
  object: {},
  nothing: null,
  text: "æ 漢 🌼 \u0000 \n \\ \" ' ]] %s {}",
  tiny: 1e-7,
  huge: 1.5e300,
  negativeZero: -0,
  big: 9007199254740993n,
  bigger: -123456789012345678901234567890n,
  nested: [[[[["deep", [], {}]]]]],
};

function effectsWith(value: unknown): Effect[] {
  const [sent, settled, member, body] = [newId(), newId(), newId(), newId()];
  const message = { ...messageOf(sent), body: [[value], { value }, null] } as const;
  const options = { task_id: body };
  const signature = { task: "shop.sum", args: [value], kwargs: {}, options, subtask_type: null, immutable: false };
  return [
    {
      kind: "send",
      publication: publicationOf(sent, { message, target: "https://a.test/q/b", notBefore: 1, priority: 9 }),
    },
    { kind: "settle", id: settled, state: "REVOKED", result: resultOf(settled, { result: value }) },
    { kind: "settle", id: settled, state: "IGNORED" },
    { kind: "join", group: newId(), size: 2, root: newId(), body: signature, part: partOf(member, { result: value }) },
  ];
}
