/** A beat that was away: what it makes up for, by each policy to the letter, and never all at once. */

import { type BeatEntry, beat, crontab, type SentRun, type Tick } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const start = Date.parse("2026-01-01T00:00:00Z");
const day = 86_400;

/** Entries of one task. The first tick registers them at midnight; horizon 0 unless it is said otherwise. */
function entriesIn(rules: Readonly<Record<string, Omit<BeatEntry, "task" | "args" | "kwargs">>>, horizon = 0) {
  const home = world({ time: { start } });
  const noop = home.app.task("tasks.noop", () => null);
  const entries = Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, { task: noop.s(), ...rule }]));
  const schedule = beat(home.app, entries, { horizon });
  return { ...home, schedule };
}

/** The slots that a tick sent for an entry. */
function slotsOf({ sent }: Tick, name: string): readonly string[] {
  return sent.filter(({ entry }) => entry === name).map(({ slot }) => slot);
}

/** Of any entry but `c`: before the midnight at which the beat is back. */
function isMissed({ entry, slot }: SentRun): boolean {
  return entry !== "c" && slot < "2026-01-04";
}

const hourly = crontab({ minute: 0 });

describe("after three days away", () => {
  it("nothing that was missed is sent by the policy skip; the latest once, which is the usual one; all, oldest first, by all", async () => {
    const { schedule, clock } = entriesIn({
      skip: { schedule: hourly, catchup: "skip" },
      once: { schedule: hourly, catchup: "once" },
      usual: { schedule: hourly },
      all: { schedule: hourly, catchup: "all" },
    });
    await schedule.tick();
    await clock.advance(3 * day + 1800);

    const done = await schedule.tick();
    const after = await schedule.tick();

    expect(slotsOf(done, "skip")).toEqual([]);
    expect(slotsOf(done, "once")).toEqual(["2026-01-04T00:00:00.000Z"]);
    expect(slotsOf(done, "usual")).toEqual(["2026-01-04T00:00:00.000Z"]);
    const all = slotsOf(done, "all");
    expect(all).toHaveLength(72);
    expect([all[0], all[71]]).toEqual(["2026-01-01T01:00:00.000Z", "2026-01-04T00:00:00.000Z"]);
    expect(all).toEqual(all.toSorted());
    expect(after.sent).toEqual([]);
  });

  it("nothing older than within is sent, and no more than limit, the latest", async () => {
    const { schedule, clock } = entriesIn({
      recent: { schedule: hourly, catchup: { policy: "all", within: "5h" } },
      few: { schedule: hourly, catchup: { policy: "all", limit: 2 } },
      tooLate: { schedule: crontab({ minute: 0, hour: 12 }), catchup: { policy: "once", within: "1h" } },
    });
    await schedule.tick();
    await clock.advance(3 * day + 1800);

    const done = await schedule.tick();

    expect(slotsOf(done, "recent")).toEqual([
      "2026-01-03T20:00:00.000Z",
      "2026-01-03T21:00:00.000Z",
      "2026-01-03T22:00:00.000Z",
      "2026-01-03T23:00:00.000Z",
      "2026-01-04T00:00:00.000Z",
    ]);
    expect(slotsOf(done, "few")).toEqual(["2026-01-03T23:00:00.000Z", "2026-01-04T00:00:00.000Z"]);
    expect(slotsOf(done, "tooLate")).toEqual([]);
  });

  it("the setting beatCronStartingDeadline says how old a missed run may be, where the entry does not", async () => {
    const home = world({ time: { start }, beatCronStartingDeadline: 3600 });
    const noop = home.app.task("tasks.noop", () => null);
    const schedule = beat(home.app, { noon: { task: noop.s(), schedule: crontab({ minute: 0, hour: 12 }) } });
    await schedule.tick();
    await home.clock.advance(3 * day);

    expect((await schedule.tick()).sent).toEqual([]);
  });

  it("a slot that is less than a minute late is on time, whatever the policy", async () => {
    const { schedule, clock } = entriesIn({ skip: { schedule: hourly, catchup: "skip" } });
    await schedule.tick();
    await clock.advance(3600 + 59);

    expect(slotsOf(await schedule.tick(), "skip")).toEqual(["2026-01-01T01:00:00.000Z"]);
  });

  it("what is not sent ahead is on time as long as ticks may lie apart, whatever the policy", async () => {
    const { schedule, clock } = entriesIn({ skip: { schedule: crontab(), catchup: "skip", overlap: "cancel" } }, 90);
    await schedule.tick();
    let slots = 0;
    for (let tick = 0; tick < 60; tick += 1) {
      await clock.advance(62);
      const { sent, skipped } = await schedule.tick();
      slots += sent.length + skipped.length;
    }

    expect(slots).toBe(62);
  });

  it("no tick sends more than a hundred missed runs; the next ones send the rest, and what is on time goes at once", async () => {
    const every = { schedule: crontab({ minute: "*/30" }), catchup: { policy: "all", limit: 200 } as const };
    const { schedule, clock } = entriesIn({ a: every, b: every, c: { schedule: crontab() } }, 90);
    await schedule.tick();
    await clock.advance(3 * day);

    const ticks: Tick[] = [];
    for (let nth = 0; nth < 5; nth += 1) {
      ticks.push(await schedule.tick());
      await clock.advance(60);
    }

    expect(ticks.map((each) => each.sent.filter(isMissed).length)).toEqual([99, 100, 87, 0, 0]);
    const all = ticks.flatMap((each) => slotsOf(each, "b"));
    expect(new Set(all).size).toBe(144);
    expect(all).toHaveLength(144);
    // The latest missed one, and two on time.
    expect(ticks.slice(0, 1).flatMap((each) => slotsOf(each, "c"))).toEqual([
      "2026-01-03T23:59:00.000Z",
      "2026-01-04T00:00:00.000Z",
      "2026-01-04T00:01:00.000Z",
    ]);
  });

  it("a second time away, while the first is made up for, has nothing sent again", async () => {
    const every = { schedule: crontab(), catchup: { policy: "all", limit: 2000 } } as const;
    const { schedule, clock } = entriesIn({ a: every }, 90);
    const sent: string[] = [];
    const tick = async () => void sent.push(...slotsOf(await schedule.tick(), "a"));
    await tick();
    await clock.advance(1200 * 60);
    for (let nth = 0; nth < 3; nth += 1) {
      await tick();
      await clock.advance(60);
    }
    await clock.advance(60 * 60);
    for (let nth = 0; nth < 15; nth += 1) await tick();

    expect(new Set(sent).size).toBe(sent.length);
    expect(sent).toHaveLength(1200 + 3 + 60 + 1);
  });

  it("a schedule of each second, away for fifty years, is made up for without a walk through all of it", async () => {
    const { schedule, clock } = entriesIn({ fast: { schedule: 1, catchup: { policy: "all", limit: 3 } } });
    await schedule.tick();
    await clock.advance(50 * 365 * day);
    const before = performance.now();

    const done = await schedule.tick();

    expect(performance.now() - before).toBeLessThan(20_000); // A walk through more than a thousand million slots would take minutes.
    // Three that were missed, and sixty that are less than a minute late.
    expect(slotsOf(done, "fast")).toHaveLength(63);
  });
});

describe("an entry", () => {
  it("runs first at its next slot after it was seen, and never before startAt or after endAt", async () => {
    const { schedule, clock } = entriesIn({
      span: {
        schedule: hourly,
        startAt: new Date(start + 2 * 3600_000),
        endAt: new Date(start + 4 * 3600_000),
        catchup: "all",
      },
      every: { schedule: "2h", startAt: new Date(start + 90 * 60_000), catchup: "all" },
    });
    await schedule.tick();
    await clock.advance(day);

    const done = await schedule.tick();

    expect(slotsOf(done, "span")).toEqual([
      "2026-01-01T02:00:00.000Z",
      "2026-01-01T03:00:00.000Z",
      "2026-01-01T04:00:00.000Z",
    ]);
    expect(slotsOf(done, "every").slice(0, 2)).toEqual(["2026-01-01T01:30:00.000Z", "2026-01-01T03:30:00.000Z"]);
  });

  it("is late by its jitter, the same in whichever beat, and less than it says", async () => {
    const home = entriesIn({ spread: { schedule: crontab(), jitter: 30 } }, 300);
    const { sent } = await home.schedule.tick();

    const late = home.waiting.map(({ dueAt }, nth) => dueAt - Date.parse(sent[nth]?.slot ?? ""));

    expect(late).toHaveLength(5);
    expect(late.every((each) => each >= 0 && each < 30_000)).toBe(true);
    expect(new Set(late).size).toBe(5);
  });

  it("that is not enabled is not sent", async () => {
    const { schedule, clock } = entriesIn({ off: { schedule: hourly, enabled: false } });
    await schedule.tick();
    await clock.advance(day);

    expect((await schedule.tick()).sent).toEqual([]);
  });
});
