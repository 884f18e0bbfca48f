/**
 * Entries by name, and all of them in pages.
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import { adding, entryOf, openSchedule, removing, scheduleIn, type StartScheduleStore } from "./schedule-harness.ts";

/** Tests `entries`. */
export function describeEntries(start: StartScheduleStore): void {
  describe("entries", () => {
    it("are given whole in the order of the names that are asked for, without those that there are not", async () => {
      const { store, app, change } = await openSchedule(start);
      const [a, b, c] = [entryOf("a", { next: 1_767_225_600_123 }), entryOf("b"), entryOf("c", { next: 0 })];
      await change(adding(a), adding(b), adding(c));

      const found = await store.entries({ app, names: ["c", "nobody", "a", "b"] });

      expect(found).toStrictEqual({ now: found.now, entries: [c, a, b], more: false });
    });

    it("are all that are asked for by name: pages are of all", async () => {
      const { store, app, change } = await openSchedule(start);
      const [a, b, c] = [entryOf("a"), entryOf("b"), entryOf("c")];
      await change(adding(a), adding(b), adding(c));

      const found = await store.entries({ app, names: ["a", "c"], after: "b", limit: 1 });

      expect(found).toStrictEqual({ now: found.now, entries: [a, c], more: false });
    });

    it("are none where none are asked for", async () => {
      const { store, app, change } = await openSchedule(start);
      await change(adding(entryOf("a")));

      expect(await store.entries({ app, names: [] })).toMatchObject({ entries: [], more: false });
    });

    it("are all, by name, where no names are given", async () => {
      const { store, app, change } = await openSchedule(start);
      const [a, b, c] = [entryOf("a"), entryOf("b", { next: 1 }), entryOf("c", { next: 0 })];
      await change(adding(c), adding(a), adding(b));

      const found = await store.entries({ app });

      expect(found).toStrictEqual({ now: found.now, entries: [a, b, c], more: false });
    });

    it("come in pages", async () => {
      const { store, app, change } = await openSchedule(start);
      await change(...["d", "a", "c", "b"].map((name) => adding(entryOf(name))));

      const page = async (limit: number, after?: string) => {
        const { entries, more } = await store.entries({ app, limit, ...(after === undefined ? {} : { after }) });
        return { names: entries.map(({ name }) => name), more };
      };

      expect(await page(3)).toEqual({ names: ["a", "b", "c"], more: true });
      expect(await page(3, "c")).toEqual({ names: ["d"], more: false });
      expect(await page(2, "b")).toEqual({ names: ["c", "d"], more: false });
      expect(await page(4)).toEqual({ names: ["a", "b", "c", "d"], more: false });
      expect(await page(4, "d")).toEqual({ names: [], more: false });
    });

    it("go on behind a name that has been removed meanwhile", async () => {
      const { store, app, change } = await openSchedule(start);
      const [a, b, c] = [entryOf("a"), entryOf("b"), entryOf("c")];
      await change(adding(a), adding(b), adding(c));
      await change(removing(b));

      const { entries } = await store.entries({ app, after: "b", limit: 10 });

      expect(entries).toStrictEqual([c]);
    });

    it("are those of one application", async () => {
      const { store } = await start();
      const one = scheduleIn(store);
      const other = scheduleIn(store, `${one.app}:`);
      const [mine, theirs] = [entryOf("a", { next: 1 }), entryOf("a", { next: 2 })];

      await one.change(adding(mine));
      await other.change(adding(theirs), adding(entryOf("b", { next: 3 })));
      await store.change({ app: other.app, changes: [], plan: "theirs" });

      expect(await one.all()).toStrictEqual([mine]);
      const due = await store.due({ app: one.app, within: 0, limit: 10 });
      expect(due).toStrictEqual({ now: due.now, entries: [mine], more: false });
      await other.change(removing(theirs));
      expect(await one.all()).toStrictEqual([mine]);
    });
  });
}
