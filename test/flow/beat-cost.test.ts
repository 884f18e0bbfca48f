/** What a tick costs: two round trips and the publish calls, however many entries there are. */

import { memorySchedules } from "@umbel/memory";
import type { ScheduleStore } from "@umbel/protocol";
import { MessageTooLargeError } from "umbel";
import { beat, crontab, schedules } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const start = Date.parse("2026-01-01T00:00:00Z");

/** So many entries, of which the first `due` run each minute and the others on the last day of the year. */
async function manyIn(
  store: ScheduleStore,
  home: ReturnType<typeof world>,
  { count, due }: { readonly count: number; readonly due: number },
) {
  const noop = home.app.task("tasks.noop", () => null);
  const api = schedules(home.app, { store });
  await api.upsert("often", { task: noop, schedule: crontab() });
  await api.upsert("rarely", {
    task: noop,
    schedule: crontab({ minute: 0, hour: 0, dayOfMonth: 31, monthOfYear: 12 }),
  });
  const [often, rarely] = (await store.entries({ app: "tasks" })).entries;
  const entryOf = (nth: number) =>
    nth < due
      ? { version: "1", text: often?.text ?? "", next: start }
      : { version: "1", text: rarely?.text ?? "", next: Date.parse("2026-12-31T00:00:00Z") };
  const changes = Array.from({ length: count }, (_, nth) => ({ name: `entry ${nth}`, entry: entryOf(nth) }));
  for (let from = 0; from < count; from += 100)
    await store.change({ app: "tasks", changes: changes.slice(from, from + 100) });
  await Promise.all(["often", "rarely"].map(async (name) => await api.remove(name)));
}

describe("a tick", () => {
  it("over ten thousand entries of which fifty are due makes two round trips and one publish call", async () => {
    const home = world({ time: { start } });
    await manyIn(home.backend.schedules, home, { count: 10_000, due: 50 });
    const schedule = beat(home.app, {});
    await schedule.tick();
    await home.clock.advance(60);
    home.ports.calls.length = 0;

    const { sent } = await schedule.tick();

    expect(sent).toHaveLength(50);
    expect(home.ports.calls).toEqual(["due", "publish", "change"]);
  });

  it("sends all that is due, however much it is, each once", async () => {
    const home = world({ time: { start } });
    await manyIn(home.backend.schedules, home, { count: 1200, due: 1200 });
    const schedule = beat(home.app, {});

    const { sent } = await schedule.tick();

    expect(new Set(sent.map(({ entry }) => entry)).size).toBe(1200);
    expect(sent).toHaveLength(1200);
    expect(home.waiting.filter(({ body }) => body.includes('"tasks.noop"'))).toHaveLength(1200);
  });

  it("keeps to what the store takes in one call", async () => {
    const home = world({ time: { start } });
    const store = memorySchedules({ now: home.now, maxRequestSize: 100_000 });
    await manyIn(store, home, { count: 400, due: 400 });
    const schedule = beat(home.app, {}, { store });

    const { sent } = await schedule.tick();

    expect(sent).toHaveLength(400);
    expect((await schedule.tick()).sent).toEqual([]);
  });

  it("has no entry that an edit could not be kept of", async () => {
    const home = world({ time: { start } });
    const store = memorySchedules({ now: home.now, maxRequestSize: 100_000 });
    const note = home.app.task("tasks.note", (text: string) => text.length);
    const api = schedules(home.app, { store });
    const entry = (size: number) => ({ task: note, args: ["x".repeat(size)] as const, schedule: crontab() });

    await api.upsert("large", entry(40_000));
    await api.upsert("large", entry(40_001));

    expect(await api.pause("large")).toMatchObject({ paused: true });
    await expect(api.upsert("larger", entry(60_000))).rejects.toThrow(
      /^The entry "larger" takes 60\d{3} bytes, and memory keeps entries of 41808 at most: /,
    );
    await expect(beat(home.app, { larger: entry(60_000) }, { store }).tick()).rejects.toThrow(MessageTooLargeError);
  });
});
