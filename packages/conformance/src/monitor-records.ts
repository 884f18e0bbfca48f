/**
 * What is known of tasks that are asked for by id.
 *
 * @module
 */

import type { RecordState } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { eventually } from "./backend-harness.ts";
import { notesOf, type StartMonitorStore } from "./monitor-harness.ts";
import { claimOf, fenceOf, finishOf, newId, settleOf } from "./requests.ts";

/** Tests `records`. */
export function describeRecords(start: StartMonitorStore): void {
  describe("records", () => {
    it("are none of what nobody has heard of, nor where none are asked for", async () => {
      const { store } = await start();

      expect(await store.records([newId(), newId()])).toEqual([]);
      expect(await store.records([])).toEqual([]);
    });

    it("tell of a task that runs what its claim told, when it began, and until when it is held", async () => {
      const { backend, store } = await start();
      const id = newId();
      await backend.claim(claimOf(id, { notes: notesOf({ about: '{"name":"æ 漢 🌼"}' }) }));

      const [record, ...others] = await store.records([newId(), id, newId()]);

      const times = { startedAt: expect.any(Number), leaseUntil: expect.any(Number) };
      expect(record).toStrictEqual({ id, about: '{"name":"æ 漢 🌼"}', ...times });
      expect((record?.leaseUntil ?? 0) - (record?.startedAt ?? 0)).toBe(600_000);
      expect(others).toEqual([]);
    });

    it("are in the order in which they are asked for", async () => {
      const { backend, store } = await start();
      const ids = [newId(), newId(), newId()];
      for (const id of ids) await backend.claim(claimOf(id));

      const found = await store.records(ids.toReversed());

      expect(found.map(({ id }) => id)).toEqual(ids.toReversed());
    });

    it("have no start of what has not begun", async () => {
      const { backend, store } = await start();
      const [early, expired] = [newId(), newId()];
      await backend.claim(claimOf(early, { early: true, notes: notesOf() }));
      await backend.claim(claimOf(expired, { expires: 1 }));

      expect(await store.records([early, expired])).toStrictEqual([
        { id: early, about: "{}", leaseUntil: expect.any(Number) },
        { id: expired, leaseUntil: expect.any(Number) },
      ]);
    });

    it.each<RecordState>(["SUCCESS", "FAILURE", "REVOKED", "IGNORED", "RETRY", "REJECTED", "REPLACED"])(
      "tell that an attempt has ended as %s",
      async (state) => {
        const { backend, store } = await start();
        const id = newId();
        const fence = fenceOf(await backend.claim(claimOf(id, { notes: notesOf() })));

        await backend.finish(finishOf(id, fence, { state }));

        expect(await store.records([id])).toMatchObject([{ id, about: "{}", state }]);
      },
    );

    it("tell nothing of the attempt before once the next one has begun", async () => {
      const { backend, store } = await start();
      const id = newId();
      const fence = fenceOf(await backend.claim(claimOf(id, { notes: notesOf({ about: '"first"' }) })));
      await backend.finish(finishOf(id, fence, { state: "RETRY" }));

      await backend.claim(claimOf(id, { retries: 1, notes: notesOf({ about: '"second"' }) }));

      const times = { startedAt: expect.any(Number), leaseUntil: expect.any(Number) };
      expect(await store.records([id])).toStrictEqual([{ id, about: '"second"', ...times }]);
    });

    it("tell how a task was settled that nobody has claimed", async () => {
      const { backend, store } = await start();
      const id = newId();

      await backend.settle([settleOf(id)]);

      expect(await store.records([id])).toStrictEqual([{ id, state: "FAILURE" }]);
    });

    it("tell what an operator wants of a task, claimed or not", async () => {
      const { backend, store } = await start();
      const [revoked, terminated, running] = [newId(), newId(), newId()];
      await backend.claim(claimOf(running));

      await backend.revoke({ ids: [revoked, running], terminate: false, retention: 3600 });
      await backend.revoke({ ids: [terminated], terminate: true, retention: 3600 });

      expect(await store.records([revoked, terminated])).toStrictEqual([
        { id: revoked, mark: "revoked" },
        { id: terminated, mark: "terminated" },
      ]);
      expect(await store.records([running])).toMatchObject([{ startedAt: expect.any(Number), mark: "revoked" }]);
    });

    it("end with the retention of the task", async () => {
      const harness = await start();
      const { backend, moment, store } = harness;
      const id = newId();
      await backend.claim(claimOf(id, { retention: moment, lease: moment }));

      expect(
        await eventually(
          harness,
          () => store.records([id]),
          ({ length }) => length === 0,
        ),
      ).toEqual([]);
    });
  });
}
