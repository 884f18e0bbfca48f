/**
 * What is to be looked at, and in which order.
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import { adding, entryOf, openSchedule, removing, replacing, type StartScheduleStore } from "./schedule-harness.ts";

const minute = 60_000;
const tenYears = 315_360_000;

/** Tests `due`. */
export function describeDue(start: StartScheduleStore): void {
  describe("due", () => {
    it("is nothing where nothing is kept, but tells the store's clock", async () => {
      const { store, moment, pass, app } = await openSchedule(start);

      const before = await store.due({ app, within: 0, limit: 10 });
      await pass(moment);
      const after = await store.due({ app, within: 0, limit: 10 });

      expect(before).toStrictEqual({ now: before.now, entries: [], more: false });
      expect(Number.isInteger(before.now)).toBe(true);
      expect(after.now).toBeGreaterThan(before.now);
    });

    it("gives entries whole whose next is past, or within the asked seconds", async () => {
      const { store, app, now, change, dueNames } = await openSchedule(start);
      const instant = await now();
      const past = entryOf("past", { next: instant - minute });
      const soon = entryOf("soon", { next: instant + minute });
      await change(adding(past), adding(soon), adding(entryOf("late", { next: instant + 10 * minute })));

      const { entries } = await store.due({ app, within: 120, limit: 10 });

      expect(entries).toStrictEqual([past, soon]);
      expect(await dueNames()).toEqual(["past"]);
      expect(await dueNames(30)).toEqual(["past"]);
      expect(await dueNames(3600)).toEqual(["past", "soon", "late"]);
    });

    it("gives the earliest first, those of one instant by name", async () => {
      const { change, dueNames } = await openSchedule(start);
      const kept = [
        ["b", 5000],
        ["last", 5001],
        ["a", 5000],
        ["first", -1],
        ["a2", 5000],
        ["B", 5000],
      ] as const;
      await change(...kept.map(([name, next]) => adding(entryOf(name, { next }))));

      expect(await dueNames()).toEqual(["first", "B", "a", "a2", "b", "last"]);
    });

    it("gives no more than the limit, and says whether there is more", async () => {
      const { store, app, change } = await openSchedule(start);
      await change(...["a", "b", "c"].map((name, next) => adding(entryOf(name, { next }))));

      const look = async (limit: number) => {
        const { entries, more } = await store.due({ app, within: 0, limit });
        return { names: entries.map(({ name }) => name), more };
      };

      expect(await look(2)).toEqual({ names: ["a", "b"], more: true });
      expect(await look(3)).toEqual({ names: ["a", "b", "c"], more: false });
      expect(await look(4)).toEqual({ names: ["a", "b", "c"], more: false });
    });

    it("leaves out as many of the first as are to be skipped", async () => {
      const { store, app, change } = await openSchedule(start);
      await change(...["c", "a", "d", "b"].map((name) => adding(entryOf(name, { next: name === "d" ? 900 : 1000 }))));

      const look = async (skip: number, limit: number) => {
        const { entries, more } = await store.due({ app, within: 0, limit, skip });
        return { names: entries.map(({ name }) => name), more };
      };

      expect(await look(0, 2)).toEqual({ names: ["d", "a"], more: true });
      expect(await look(1, 2)).toEqual({ names: ["a", "b"], more: true });
      expect(await look(2, 2)).toEqual({ names: ["b", "c"], more: false });
      expect(await look(4, 2)).toEqual({ names: [], more: false });
      expect(await look(9, 2)).toEqual({ names: [], more: false });
    });

    it("never gives an entry without next", async () => {
      const { change, dueNames } = await openSchedule(start);

      await change(adding(entryOf("resting")));

      expect(await dueNames(tenYears)).toEqual([]);
    });

    it("goes by what an entry became", async () => {
      const { change, dueNames } = await openSchedule(start);
      const resting = entryOf("resting", { next: 1000 });
      const moved = entryOf("moved", { next: 1000 });
      const woken = entryOf("woken");
      await change(...[resting, moved, woken].map(adding));

      await change(
        replacing(resting, entryOf("resting")),
        replacing(moved, entryOf("moved", { next: 500 })),
        replacing(woken, entryOf("woken", { next: 700 })),
      );

      expect(await dueNames()).toEqual(["moved", "woken"]);
    });

    it("has an entry once its instant has come", async () => {
      const { store, app, moment, pass, now, change, dueNames } = await openSchedule(start);
      const next = (await now()) + moment * 5000;
      await change(adding(entryOf("soon", { next })));

      const before = await store.due({ app, within: 0, limit: 10 });
      await pass(moment * 6);

      // By the store's own clock: it goes on while a busy machine takes its time between two calls.
      expect(before.entries.length > 0).toBe(before.now >= next);
      expect(await dueNames()).toEqual(["soon"]);
    });

    it("forgets what was removed", async () => {
      const { change, dueNames } = await openSchedule(start);
      const entry = entryOf("gone", { next: 1000 });
      await change(adding(entry));

      await change(removing(entry));

      expect(await dueNames(tenYears)).toEqual([]);
    });
  });
}
