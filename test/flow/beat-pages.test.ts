/** A tick over more entries than one answer of the store has: it looks at each. */

import { beat, type BeatEntries } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const names = Array.from({ length: 1100 }, (_, nth) => `e${String(nth).padStart(4, "0")}`);

/** Entries of which all are due, and stay in what a tick looks at once they are sent: within a minute they are due again. */
async function crowd(seconds: number) {
  const home = world({ time: { start: Date.parse("2026-01-01T00:00:00Z") } });
  const note = home.app.task("tasks.note", (label: string) => label.length);
  const entries: BeatEntries = Object.fromEntries(
    names.map((name) => [name, { task: note.s(name), schedule: seconds }]),
  );
  const beats = [beat(home.app, entries, { horizon: 0 }), beat(home.app, entries, { horizon: 0 })] as const;
  await beats[0].tick();
  await home.clock.advance(seconds);
  return { ...home, beats };
}

describe("one tick of more than a thousand entries", () => {
  it.each([10, 55])("sends all that is due, though all is due again within %i s", async (seconds) => {
    const { beats } = await crowd(seconds);

    const { sent } = await beats[0].tick();

    expect(sent.map(({ entry }) => entry).toSorted()).toEqual(names);
  });

  it("sends all that is due, though another beat is at it at the same time", async () => {
    const { beats } = await crowd(10);

    const ticks = await Promise.all(beats.map(async (each) => await each.tick()));

    const sent = ticks.flatMap((tick) => tick.sent.map(({ entry }) => entry));
    expect([...new Set(sent)].toSorted()).toEqual(names);
    expect(new Set(ticks.flatMap((tick) => tick.sent.map(({ id }) => id))).size).toBe(names.length);
  });
});
