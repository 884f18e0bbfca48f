/** Entries of code that nobody ticks any more, beside entries that were added at run time. */

import { beat, type BeatEntries, schedules } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const start = Date.parse("2026-01-01T00:00:00Z");

/** A deployment of so many entries that has ticked once and never again, an entry that was added, and a beat without entries. */
async function left(count: number) {
  const home = world({ time: { start } });
  const note = home.app.task("tasks.note", (label: string) => label.length);
  const names = Array.from({ length: count }, (_, nth) => `e${nth}`);
  const entries: BeatEntries = Object.fromEntries(names.map((name) => [name, { task: note.s(name), schedule: "1h" }]));
  await beat(home.app, entries).tick();
  await schedules(home.app, { store: home.backend.schedules }).upsert("added", {
    task: note,
    args: ["added"],
    schedule: 60,
  });
  await home.clock.advance(7200);
  const warnings = () => home.lines.filter(({ message }) => message.includes("of code")).map(({ message }) => message);
  return { ...home, guest: beat(home.app), warnings };
}

describe("a beat without entries of its own", () => {
  it("sends what was added at run time although hundreds of entries of a deployment that ticks no more are due before", async () => {
    const { guest, clock } = await left(1001);
    const sent: (readonly string[])[] = [];

    for (let minute = 0; minute < 5; minute += 1) {
      sent.push((await guest.tick()).sent.map(({ entry }) => entry));
      await clock.advance(60);
    }

    expect(sent.slice(1)).toEqual(Array.from({ length: 4 }, () => ["added"]));
  });

  it("tells the log once an hour of those that are long overdue, and what to do", async () => {
    const { guest, clock, warnings } = await left(3);

    for (let minute = 0; minute < 70; minute += 1) {
      await guest.tick();
      await clock.advance(60);
    }

    expect(warnings()).toHaveLength(2);
    expect(warnings()[0]).toBe(
      "3 entries of code, e0 first, should have been sent 60 minutes ago: this beat has no such entries, and the one that has " +
        "does not tick. Start that one; or, if they are no more, tick once with beat(app, {}), which takes them out",
    );
  });

  it("says nothing of them while their own beat ticks", async () => {
    const home = world({ time: { start } });
    const note = home.app.task("tasks.note", () => null);
    const [owner, guest] = [beat(home.app, { e: { task: note.s(), schedule: 60 } }), beat(home.app)];

    for (let minute = 0; minute < 20; minute += 1) {
      await owner.tick();
      await guest.tick();
      await home.clock.advance(60);
    }

    expect(home.lines.filter(({ message }) => message.includes("of code"))).toEqual([]);
  });
});
