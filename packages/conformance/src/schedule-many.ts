/**
 * As many entries as a large application has.
 *
 * @module
 */

import { expect, it } from "vitest";
import { adding, changeMany, entryOf, scheduleIn, type StartScheduleStore } from "./schedule-harness.ts";

const year = 31_536_000_000;

/** Tests ten thousand entries, and a call as large as there may be. */
export function describeManyEntries(start: StartScheduleStore): void {
  it("finds the fifty that are due among ten thousand entries", { timeout: 60_000 }, async () => {
    const { store } = await start();
    const { app, now } = scheduleIn(store);
    const later = (await now()) + year;
    const entries = Array.from({ length: 10_000 }, (_, at) =>
      entryOf(String(at).padStart(5, "0"), { next: at % 200 === 7 ? 10_000 - at : later + at }),
    );

    const applied = await changeMany(store, app, entries.map(adding));
    const due = await store.due({ app, within: 3600, limit: 100 });
    const page = await store.entries({ app, after: "04999", limit: 3 });
    const all = await store.entries({ app });

    expect(applied.filter(Boolean)).toHaveLength(10_000);
    expect(due.entries).toStrictEqual(entries.filter((_, at) => at % 200 === 7).toReversed());
    expect(due.more).toBe(false);
    expect(page.entries).toStrictEqual(entries.slice(5000, 5003));
    expect(all.entries).toHaveLength(10_000);
  });

  it("takes a request as large as it says", async () => {
    const { store } = await start();
    const { maxRequestSize = 1_000_000 } = store;
    const { app, all } = scheduleIn(store);
    const empty = { app, changes: [adding(entryOf("large", { text: "" }))] };
    const room = maxRequestSize - new TextEncoder().encode(JSON.stringify(empty)).length;
    // As JSON it is twice as long.
    const large = entryOf("large", { text: '"'.repeat(room / 2) });

    expect((await store.change({ app, changes: [adding(large)] })).applied).toEqual([true]);
    expect(await all()).toStrictEqual([large]);
  });
}
