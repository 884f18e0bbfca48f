/**
 * Chords: members are counted, not messages (delivery.md 13).
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import type { Backend, ChordPart, ChordState } from "@umbel/protocol";
import type { StartBackend } from "./backend-harness.ts";
import { newId, partOf } from "./requests.ts";

/** Tests `join`. */
export function describeChords(start: StartBackend): void {
  describe("join", () => {
    it("is complete once each member has ended, and answers all parts in header order", async () => {
      const { backend } = await start();
      const chord = chordOf(3);
      const [a, b, c] = [partOf(newId(), { index: 0 }), partOf(newId(), { index: 1 }), partOf(newId(), { index: 10 })];

      expect(await join(backend, chord, c)).toEqual({ complete: false, ended: 1 });
      expect(await join(backend, chord, a)).toEqual({ complete: false, ended: 2 });
      expect(await join(backend, chord, b)).toEqual({ complete: true, parts: [a, b, c] });
    });

    it("stays complete", async () => {
      const { backend } = await start();
      const chord = chordOf(1);
      const part = partOf(newId());
      await join(backend, chord, part);

      expect(await join(backend, chord, part)).toEqual({ complete: true, parts: [part] });
    });

    it("counts a member once and keeps what it ended with first", async () => {
      const { backend } = await start();
      const chord = chordOf(2);
      const first = partOf(newId(), { result: "first" });
      const other = partOf(newId(), { index: 1 });

      await join(backend, chord, first);
      expect(await join(backend, chord, { ...first, result: "second" })).toEqual({ complete: false, ended: 1 });
      expect(await join(backend, chord, other)).toEqual({ complete: true, parts: [first, other] });
    });

    it("puts members without a place last, and equals in the order of their ids", async () => {
      const { backend } = await start();
      const chord = chordOf(4);
      const [a, b] = [partOf("a", { index: 1 }), partOf("b", { index: 1 })];
      const [c, d] = [partOf("c", { index: null }), partOf("d", { index: null })];

      expect(await joinAll(backend, chord, [d, b, c, a])).toEqual({ complete: true, parts: [a, b, c, d] });
    });

    it("keeps every kind of part", async () => {
      const { backend } = await start();
      const chord = chordOf(5);
      const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      const failure = { exc_type: "Error", exc_message: ["no"], exc_module: null };
      const parts = [
        partOf("a", { index: 0, result: { list: [], object: {}, text: "漢 \n\u0000", big: 9007199254740993n } }),
        partOf("b", { index: 1, state: "FAILURE", result: failure }),
        partOf("c", { index: 2, state: "REVOKED", result: failure }),
        partOf("d", { index: 3, state: "IGNORED", result: null }),
        partOf("e", { index: 4, traceparent }),
      ];

      expect(await joinAll(backend, chord, parts)).toEqual({ complete: true, parts });
    });

    it.each([
      { when: "before the member that added it", order: ["added", "owner", "other"] },
      { when: "after the member that added it", order: ["owner", "other", "added"] },
      { when: "last of all", order: ["other", "owner", "added"] },
    ] as const)("waits for a member that was added and ends $when", async ({ order }) => {
      const { backend } = await start();
      const chord = chordOf(2);
      const requests = {
        owner: { part: partOf("owner", { index: 0 }), adds: ["added"] },
        other: { part: partOf("other", { index: 1 }) },
        added: { part: partOf("added", { index: 0, added: [0, 0] }) },
      };

      const states: ChordState[] = [];
      for (const each of order) states.push(await backend.join({ ...chord, ...requests[each], retention: 3600 }));

      const parts = [requests.owner.part, requests.other.part, requests.added.part];
      expect(states).toEqual([
        { complete: false, ended: 1 },
        { complete: false, ended: 2 },
        { complete: true, parts },
      ]);
    });

    it("counts what was added once, however often it is told of", async () => {
      const { backend } = await start();
      const chord = { ...chordOf(1), retention: 3600 };
      const owner = { ...chord, part: partOf("owner", { index: 0 }), adds: ["a", "b"] };
      const a = { ...chord, part: partOf("a", { index: 0, added: [0, 0] }) };
      const b = { ...chord, part: partOf("b", { index: 0, added: [0, 1] }), adds: ["c"] };
      const c = { ...chord, part: partOf("c", { index: 0, added: [0, 1, 0] }) };

      for (const each of [a, a, owner, owner, b, a, b]) {
        expect(await backend.join(each)).toMatchObject({ complete: false });
      }
      const complete = { complete: true, parts: [owner.part, a.part, b.part, c.part] };
      expect(await backend.join(c)).toEqual(complete);
      expect(await backend.join(owner)).toEqual(complete);
    });

    it.each([
      { when: "before it is added", order: ["member", "owner", "again"] },
      { when: "after it was added", order: ["owner", "member", "again"] },
      { when: "after its end as an added one", order: ["again", "owner", "member"] },
      { when: "last of all", order: ["owner", "again", "member"] },
    ] as const)(
      "counts a member of the header that is added under its id once, where it ends $when",
      async ({ order }) => {
        const { backend } = await start();
        const chord = chordOf(2);
        const requests = {
          owner: { part: partOf("owner", { index: 0 }), adds: ["member"] },
          member: { part: partOf("member", { index: 1 }) },
          again: { part: partOf("member", { index: 0, added: [0, 0] }) },
        };
        for (const each of order) await backend.join({ ...chord, ...requests[each], retention: 3600 });

        const complete = { complete: true, parts: [requests.owner.part, requests.member.part] };
        for (const each of order) {
          expect(await backend.join({ ...chord, ...requests[each], retention: 3600 })).toEqual(complete);
        }
      },
    );

    it("puts what was added after the header, owner by owner", async () => {
      const { backend } = await start();
      const chord = chordOf(3);
      const header = [0, 1, 2].map((index) => partOf(`m${index}`, { index }));
      const added = [
        [0, 0],
        [0, 0, 0],
        [0, 1],
        [2, 0],
        [2, 10],
      ].map((place, nth) => partOf(`a${9 - nth}`, { index: 0, added: place }));

      const state = await joinAll(backend, chord, [...added, ...header].toReversed());

      expect(state).toEqual({ complete: true, parts: [...header, ...added] });
    });

    it("keeps chords apart", async () => {
      const { backend } = await start();
      const part = partOf(newId());

      expect(await join(backend, chordOf(2), part)).toEqual({ complete: false, ended: 1 });
      expect(await join(backend, chordOf(2), part)).toEqual({ complete: false, ended: 1 });
    });

    it("misses no member of many that end at once", async () => {
      const { backend } = await start();
      const chord = chordOf(32);
      const parts = Array.from({ length: 32 }, (_, index) => partOf(newId(), { index }));

      const states = await Promise.all(parts.map((part) => join(backend, chord, part)));

      const complete = states.filter((state) => state.complete);
      expect(complete).toEqual([{ complete: true, parts }]);
    });

    it("remembers a chord for as long as any of its members has asked for", async () => {
      const harness = await start();
      const { backend, moment } = harness;
      const group = newId();
      await backend.join({ group, size: 3, part: partOf(newId()), retention: 3600 });
      await backend.join({ group, size: 3, part: partOf(newId(), { index: 1 }), retention: moment });
      await harness.pass(2 * moment);

      expect(await join(backend, { group, size: 3 }, partOf(newId(), { index: 2 }))).toMatchObject({ complete: true });
    });

    it("forgets a chord when its retention has passed", async () => {
      const harness = await start();
      const group = newId();
      await harness.backend.join({ group, size: 2, part: partOf(newId()), retention: harness.moment });
      await harness.pass(2 * harness.moment);

      expect(await join(harness.backend, { group, size: 2 }, partOf(newId()))).toEqual({ complete: false, ended: 1 });
    });
  });
}

function join(backend: Backend, { group, size }: Chord, part: ChordPart): Promise<ChordState> {
  return backend.join({ group, size, part, retention: 3600 });
}

interface Chord {
  readonly group: string;
  readonly size: number;
}

function chordOf(size: number): Chord {
  return { group: newId(), size };
}

/** Joins the parts one after another; the last answer. */
async function joinAll(backend: Backend, chord: Chord, parts: readonly ChordPart[]): Promise<ChordState | undefined> {
  let state: ChordState | undefined;
  for (const part of parts) state = await join(backend, chord, part);
  return state;
}
