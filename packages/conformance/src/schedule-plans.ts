/**
 * The plan: one text of an application, beside its entries.
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import { adding, entryOf, openSchedule, replacing, type StartScheduleStore } from "./schedule-harness.ts";

/** Tests the plan. */
export function describePlans(start: StartScheduleStore): void {
  describe("a plan", () => {
    it("is kept until there is another", async () => {
      const { store, app, change } = await openSchedule(start);
      const planOf = async () => (await store.due({ app, within: 0, limit: 1 })).plan;

      await store.change({ app, changes: [adding(entryOf("a"))], plan: "first" });
      const first = await planOf();
      await change(adding(entryOf("b")));
      const still = await planOf();
      await store.change({ app, changes: [], plan: "second" });

      expect([first, still, await planOf()]).toEqual(["first", "first", "second"]);
    });

    it("is kept whatever becomes of the changes", async () => {
      const { store, app } = await openSchedule(start);

      const { applied } = await store.change({
        app,
        changes: [replacing({ version: "another" }, entryOf("a"))],
        plan: "kept",
      });

      expect(applied).toEqual([false]);
      expect(await store.due({ app, within: 0, limit: 1 })).toMatchObject({ plan: "kept", entries: [] });
    });

    it("may be an empty text", async () => {
      const { store, app } = await openSchedule(start);

      await store.change({ app, changes: [], plan: "something" });
      await store.change({ app, changes: [], plan: "" });

      expect(await store.due({ app, within: 0, limit: 1 })).toHaveProperty("plan", "");
    });
  });
}
