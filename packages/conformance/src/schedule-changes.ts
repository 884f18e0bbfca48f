/**
 * Changes: each for itself, made by one writer, and the same again when it is repeated.
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import { adding, entryOf, openSchedule, removing, replacing, type StartScheduleStore } from "./schedule-harness.ts";

/** Tests `change`. */
export function describeChanges(start: StartScheduleStore): void {
  describe("change", () => {
    describeEachChange(start);
    describeRepeatedChanges(start);
    describeRacingChanges(start);
  });
}

function describeEachChange(start: StartScheduleStore): void {
  it("adds, replaces and removes", async () => {
    const { change, all } = await openSchedule(start);
    const [added, before, after, gone] = [entryOf("a"), entryOf("b", { next: 5 }), entryOf("b"), entryOf("c")];

    const made = await change(adding(added), adding(before), adding(gone));
    const changed = await change(replacing(before, after), removing(gone));

    expect([made, changed]).toEqual([
      [true, true, true],
      [true, true],
    ]);
    expect(await all()).toStrictEqual([added, after]);
  });

  it("adds no entry that there is", async () => {
    const { change, all } = await openSchedule(start);
    const first = entryOf("a", { next: 1 });
    await change(adding(first));

    expect(await change(adding(entryOf("a", { next: 2 })))).toEqual([false]);
    expect(await all()).toStrictEqual([first]);
  });

  it("replaces and removes nothing that somebody else has changed since", async () => {
    const { change, all } = await openSchedule(start);
    const [read, theirs] = [entryOf("a"), entryOf("a", { next: 1 })];
    await change(adding(read));
    await change(replacing(read, theirs));

    expect(await change(replacing(read, entryOf("a")))).toEqual([false]);
    expect(await change(removing(read))).toEqual([false]);
    expect(await all()).toStrictEqual([theirs]);
  });

  it("brings nothing back that somebody else has removed", async () => {
    const { change, all } = await openSchedule(start);
    const read = entryOf("a", { next: 1 });
    await change(adding(read));
    await change(removing(read));

    expect(await change(replacing(read, entryOf("a")))).toEqual([false]);
    expect(await all()).toEqual([]);
  });

  it("removes nothing without the version that was read", async () => {
    const { change, all } = await openSchedule(start);
    const entry = entryOf("a");
    await change(adding(entry));

    expect(await change({ name: "a" })).toEqual([false]);
    expect(await all()).toStrictEqual([entry]);
  });

  it("makes each change for itself, and answers in order", async () => {
    const { change, all } = await openSchedule(start);
    const [a, b, c] = [entryOf("a"), entryOf("b"), entryOf("c")];
    await change(adding(a), adding(b), adding(c));
    const [newA, newD] = [entryOf("a"), entryOf("d", { next: 1 })];

    const applied = await change(
      replacing(a, newA),
      replacing({ version: "another" }, entryOf("b")),
      removing(c),
      adding(entryOf("b")),
      adding(newD),
    );

    expect(applied).toEqual([true, false, true, false, true]);
    expect(await all()).toStrictEqual([newA, b, newD]);
  });

  it("of nothing changes nothing", async () => {
    const { store, app, change, all } = await openSchedule(start);

    expect(await change()).toEqual([]);
    expect(await all()).toEqual([]);
    expect(await store.due({ app, within: 0, limit: 1 })).not.toHaveProperty("plan");
  });
}

function describeRepeatedChanges(start: StartScheduleStore): void {
  it("has the same answer when it is repeated, and is done once", async () => {
    const { store, app, change, all } = await openSchedule(start);
    const [kept, old, gone, taken] = [entryOf("kept"), entryOf("old"), entryOf("gone"), entryOf("taken")];
    await change(adding(old), adding(gone), adding(taken));
    const replaced = entryOf("old", { next: 9 });
    const changes = [adding(kept), replacing(old, replaced), removing(gone), adding(entryOf("taken"))];

    const first = await store.change({ app, changes, plan: "p" });
    const again = await store.change({ app, changes, plan: "p" });

    expect(first.applied).toEqual([true, true, true, false]);
    expect(again.applied).toEqual(first.applied);
    expect(await all()).toStrictEqual([kept, replaced, taken]);
  });

  it("undoes nothing that somebody else has done between it and its repetition", async () => {
    const { change, all } = await openSchedule(start);
    const [old, gone] = [entryOf("old"), entryOf("gone")];
    await change(adding(old), adding(gone));
    const mine = entryOf("old", { next: 1 });
    const changes = [replacing(old, mine), removing(gone)];
    await change(...changes);
    const [theirs, reborn] = [entryOf("old", { next: 2 }), entryOf("gone", { next: 3 })];
    await change(replacing(mine, theirs), adding(reborn));

    expect(await change(...changes)).toEqual([false, false]);
    expect(await all()).toStrictEqual([reborn, theirs]);
  });
}

function describeRacingChanges(start: StartScheduleStore): void {
  it("lets one of two writers add an entry", async () => {
    const { change, all } = await openSchedule(start);
    const rivals = [entryOf("a", { next: 1 }), entryOf("a", { next: 2 })];

    const applied = (await Promise.all(rivals.map(async (rival) => await change(adding(rival))))).flat();

    expect(applied.filter(Boolean)).toHaveLength(1);
    expect(await all()).toStrictEqual(rivals.filter((_, at) => applied[at]));
  });

  it("lets one of ten writers replace or remove an entry", async () => {
    const { change, all } = await openSchedule(start);
    const read = entryOf("a");
    await change(adding(read));
    const rivals = Array.from({ length: 10 }, (_, next) => (next === 3 ? undefined : entryOf("a", { next })));

    const attempts = rivals.map(async (rival) => await change(rival ? replacing(read, rival) : removing(read)));
    const applied = (await Promise.all(attempts)).flat();

    expect(applied.filter(Boolean)).toHaveLength(1);
    expect(await all()).toStrictEqual(rivals.filter((rival, at) => rival && applied[at]));
  });
}
