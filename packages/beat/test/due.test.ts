import { Umbel } from "@umbel/core";
import { describe, expect, it } from "vitest";
import { dueAt } from "../src/due.ts";
import { planOf } from "../src/entry.ts";
import type { Interval } from "../src/interval.ts";

const app = new Umbel("tasks");
const report = app.task("tasks.report", () => "done");
const noon = Date.parse("2026-01-01T12:00:00Z");
const minute = 60_000;

function every(...schedules: readonly Interval[]) {
  return planOf(
    Object.fromEntries(schedules.map((schedule, index) => [`entry${index}`, { task: report.s(), schedule }])),
  );
}

function runsOf(due: ReturnType<typeof dueAt>) {
  return due.runs.map(({ entry, slot }) => [entry.name, slot]);
}

describe("dueAt", () => {
  it("notes the slot of an entry that was never seen, and runs it from the next slot on", () => {
    const due = dueAt(noon + 30_000, every("1m"), {});

    expect(due.runs).toEqual([]);
    expect(due.found).toEqual({ entry0: noon });
  });

  it("says nothing while the slot of the last run lasts", () => {
    expect(runsOf(dueAt(noon + minute - 1, every("1m"), { entry0: noon }))).toEqual([]);
  });

  it("runs an entry at the first instant of its next slot", () => {
    expect(runsOf(dueAt(noon + minute, every("1m"), { entry0: noon }))).toEqual([["entry0", noon + minute]]);
  });

  it("runs a late tick's slot under that slot's start, not under the tick's instant", () => {
    expect(runsOf(dueAt(noon + minute + 17_123, every("1m"), { entry0: noon }))).toEqual([["entry0", noon + minute]]);
  });

  it("runs the latest slot once after a missed stretch", () => {
    expect(runsOf(dueAt(noon + 90 * minute, every("1m"), { entry0: noon }))).toEqual([["entry0", noon + 90 * minute]]);
  });

  it("runs nothing when the clock is behind what was sent", () => {
    expect(runsOf(dueAt(noon - minute, every("1m"), { entry0: noon }))).toEqual([]);
  });

  it("keeps entries apart", () => {
    const due = dueAt(noon + 5 * minute, every("1m", "10m", "5m"), { entry0: noon, entry1: noon });

    expect(runsOf(due)).toEqual([["entry0", noon + 5 * minute]]);
    expect(due.found).toEqual({ entry2: noon + 5 * minute });
  });

  it("goes on with an entry whose interval has changed", () => {
    expect(runsOf(dueAt(noon + 60 * minute, every({ hours: 1 }), { entry0: noon + minute }))).toEqual([
      ["entry0", noon + 60 * minute],
    ]);
  });
});

describe("intervals", () => {
  it.each<[Interval, number]>([
    [30, 30_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    [{ minutes: 5 }, 300_000],
    [{ hours: 1, seconds: 1.5 }, 3_601_500],
  ])("%j lasts %d ms", (schedule, milliseconds) => {
    expect(every(schedule)[0]?.interval).toBe(milliseconds);
  });

  it.each<[Interval]>([[0], [-5], ["100ms"], [{}], ["soon"], [{ minutes: Number.NaN }]])(
    "%j is refused with the entry's name or the value",
    (schedule) => {
      expect(() => every(schedule)).toThrow(/entry0|soon/);
    },
  );
});
