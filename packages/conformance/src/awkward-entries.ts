/**
 * Names and texts of every kind: what people write, and what programs take for something else.
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import { newId } from "./requests.ts";
import {
  adding,
  entryOf,
  openSchedule,
  removing,
  replacing,
  scheduleIn,
  type StartScheduleStore,
} from "./schedule-harness.ts";

/** The last one is beyond the first plane, and in UTF-16 before the one before it. */
const awkward = [
  "",
  " ",
  "\n",
  "'; DROP TABLE entries; --",
  '"quoted"\\',
  "+inf",
  "-",
  "[a",
  "(a",
  "__proto__",
  "constructor",
  "a:b",
  "a\tb\r\nc",
  "x".repeat(255),
  "{}",
  "{a}b}",
  "é".normalize("NFD"),
  "é".normalize("NFC"),
  "漢字",
  "\u{ff5e}",
  "🕰️",
];

/** Tests names, versions, texts, plans and applications that are awkward. */
export function describeAwkwardEntries(start: StartScheduleStore): void {
  describe("an awkward text", () => {
    it("is a name like any other", async () => {
      const { store, app, change, all, dueNames } = await openSchedule(start);
      const entries = awkward.map((name) => entryOf(name, { next: 1000 }));
      const sorted = entries.toSorted((one, other) => byBytes(one.name, other.name));

      const added = await change(...entries.map(adding));
      const found = await store.entries({ app, names: awkward });

      expect(added).toEqual(awkward.map(() => true));
      expect(found.entries).toStrictEqual(entries);
      expect(await all()).toStrictEqual(sorted);
      expect(await dueNames()).toEqual(sorted.map(({ name }) => name));
      expect(await change(...entries.map(removing))).toEqual(awkward.map(() => true));
      expect(await all()).toEqual([]);
    });

    it("is a place from which a page goes on", async () => {
      const { store, app, change } = await openSchedule(start);
      await change(...awkward.map((name) => adding(entryOf(name))));
      const sorted = awkward.toSorted(byBytes);

      const pages: string[] = [];
      for (let after: string | undefined; pages.length < awkward.length; after = pages.at(-1)) {
        const page = await store.entries({ app, limit: 1, ...(after === undefined ? {} : { after }) });
        pages.push(...page.entries.map(({ name }) => name));
        if (!page.more) break;
      }

      expect(pages).toEqual(sorted);
    });

    it.each(awkward)("%j is a version, a text and a plan", async (text) => {
      const { store, app, change, all } = await openSchedule(start);
      const entry = entryOf("a", { version: text, text, next: 1 });
      const another = entryOf("a", { version: `${text} `, text: `${text}${text}` });

      await store.change({ app, changes: [adding(entry)], plan: text });
      const due = await store.due({ app, within: 0, limit: 1 });

      expect(due).toStrictEqual({ now: due.now, plan: text, entries: [entry], more: false });
      expect(await change(adding(entry), adding(entryOf("a")))).toEqual([true, false]);
      expect(await change(replacing(entry, another))).toEqual([true]);
      expect(await all()).toStrictEqual([another]);
    });

    it.each(awkward)("%j is part of an application's name", async (text) => {
      const { store } = await start();
      const odd = scheduleIn(store, `${text}${newId()}${text}`);
      const neighbour = scheduleIn(store, `${odd.app}:due`);
      const [mine, theirs] = [entryOf("a", { next: 1 }), entryOf("a", { next: 2 })];

      await store.change({ app: odd.app, changes: [adding(mine)], plan: text });
      await neighbour.change(adding(theirs));

      expect(await odd.all()).toStrictEqual([mine]);
      expect(await odd.dueNames()).toEqual(["a"]);
      expect(await neighbour.all()).toStrictEqual([theirs]);
    });
  });

  it("keeps a text of a hundred thousand characters as it is", async () => {
    const { change, all } = await openSchedule(start);
    const entry = entryOf("long", { text: '{"漢":"\\u0000"}\n'.repeat(6000) });

    await change(adding(entry));

    expect(await all()).toStrictEqual([entry]);
  });
}

/** The order of UTF-8's bytes, which is that of code points. */
function byBytes(one: string, other: string): number {
  const [left, right] = [one, other].map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));
  const at = (left ?? []).findIndex((point, index) => point !== right?.[index]);
  return at === -1 ? one.length - other.length : (left?.[at] ?? 0) - (right?.[at] ?? -1);
}
