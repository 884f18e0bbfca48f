/**
 * As many entries as a large application has.
 *
 * @module
 */

import type { StoredEntry } from "@umbel/protocol";
import { expect, it } from "vitest";
import { adding, changeMany, entryOf, openSchedule, replacing, type StartScheduleStore } from "./schedule-harness.ts";

const year = 31_536_000_000;

/** Tests ten thousand entries, long ones, and a call as large as there may be. */
export function describeManyEntries(start: StartScheduleStore): void {
  describeTenThousand(start);
  describeLongEntries(start);
}

function describeTenThousand(start: StartScheduleStore): void {
  it("finds the fifty that are due among ten thousand entries", { timeout: 60_000 }, async () => {
    const { store, app, now } = await openSchedule(start);
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
}

function describeLongEntries(start: StartScheduleStore): void {
  it("gives long entries in as many answers as it needs, each with one at least", async () => {
    const { store, app, change } = await openSchedule(start);
    // Three bytes each: half of what a call takes.
    const text = "漢".repeat(Math.min(store.maxRequestSize ?? 900_000, 900_000) / 6);
    const entries = ["a", "b", "c", "d"].map((name, next) => entryOf(name, { text, next }));
    for (const entry of entries) await change(adding(entry));

    const listed: StoredEntry[] = [];
    for (let isMore = true; isMore;) {
      const after = listed.at(-1)?.name;
      const page = await store.entries({ app, limit: 4, ...(after === undefined ? {} : { after }) });
      listed.push(...page.entries);
      isMore = page.more && page.entries.length > 0;
    }
    const sent: StoredEntry[] = [];
    for (let isMore = true; isMore;) {
      const due = await store.due({ app, within: 0, limit: 4 });
      await change(...due.entries.map((read) => replacing(read, entryOf(read.name))));
      sent.push(...due.entries);
      isMore = due.more && due.entries.length > 0;
    }

    expect(listed).toStrictEqual(entries);
    expect(sent).toStrictEqual(entries);
  });

  it("takes a request as large as it says", async () => {
    const { store, app, all } = await openSchedule(start);
    const { maxRequestSize = 1_000_000 } = store;
    const empty = { app, changes: [adding(entryOf("large", { text: "" }))] };
    const room = maxRequestSize - new TextEncoder().encode(JSON.stringify(empty)).length;
    // As JSON it is twice as long.
    const large = entryOf("large", { text: '"'.repeat(room / 2) });

    expect((await store.change({ app, changes: [adding(large)] })).applied).toEqual([true]);
    expect(await all()).toStrictEqual([large]);
  });
}
