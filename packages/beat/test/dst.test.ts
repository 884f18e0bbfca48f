/** The rules of docs/dst.md, in its order. */

import { describe, expect, it } from "vitest";
import { nextSlot, type Reach, slotsOf } from "../src/due.ts";
import type { PlannedEntry } from "../src/planned-entry.ts";
import { newRecord } from "../src/record.ts";
import { runOf } from "../src/run.ts";
import { crontab } from "../src/schedules/crontab.ts";
import { interval } from "../src/schedules/interval.ts";
import type { Schedule } from "../src/schedules/schedule.ts";
import { solar } from "../src/schedules/solar.ts";
import { clockIn } from "./wall-clock.ts";

const oslo = "Europe/Oslo";
const york = "America/New_York";

describe("a crontab that allows every hour", () => {
  it("goes on after a gap as if there was none, and moves nothing out of it", () => {
    expect(runs(crontab("*/30 * * * *"), york, ["2024-03-10 01:15-05", "2024-03-10 04:15-04"])).toEqual([
      "03-10 01:30-05",
      "03-10 03:00-04",
      "03-10 03:30-04",
      "03-10 04:00-04",
    ]);
  });

  it("fires in both of two equal hours", () => {
    expect(runs(crontab("0 * * * *"), york, ["2024-11-03 00:30-04", "2024-11-03 03:00-05"])).toEqual([
      "11-03 01:00-04",
      "11-03 01:00-05",
      "11-03 02:00-05",
      "11-03 03:00-05",
    ]);
  });

  it("fires at its minutes by the clocks where these are changed by half an hour", () => {
    const zone = "Australia/Lord_Howe";

    expect(runs(crontab("0 * * * *"), zone, ["2024-04-07 00:30+11", "2024-04-07 03:00+10:30"])).toEqual([
      "04-07 01:00+11",
      "04-07 02:00+10:30",
      "04-07 03:00+10:30",
    ]);
    expect(runs(crontab("*/30 * * * *"), zone, ["2024-04-07 01:00+11", "2024-04-07 02:00+10:30"])).toEqual([
      "04-07 01:30+11",
      "04-07 01:30+10:30",
      "04-07 02:00+10:30",
    ]);
    expect(runs(crontab("0,15 * * * *"), zone, ["2023-10-01 01:00+10:30", "2023-10-01 03:15+11"])).toEqual([
      "10-01 01:15+10:30",
      "10-01 03:00+11",
      "10-01 03:15+11",
    ]);
  });

  it("has nothing to do on a day that clocks left out", () => {
    const around = ["2011-12-28 12:00-10", "2012-01-02 12:00+14"] as const;

    expect(runs(crontab("0 * 30 12 *"), "Pacific/Apia", around)).toEqual([]);
  });

  it("counts seconds in the same way", () => {
    expect(runs(crontab("59 59 * * * *"), york, ["2024-11-03 01:30-04", "2024-11-03 02:30-05"])).toEqual([
      "11-03 01:59:59-04",
      "11-03 01:59:59-05",
    ]);
  });
});

describe("a crontab that names hours", () => {
  it.each([
    [york, "30 2 * * *", "2024-03-09 12:00-05", "03-10 03:00-04"],
    [oslo, "15 2 * * *", "2024-03-30 12:00+01", "03-31 03:00+02"],
    ["Europe/Dublin", "30 1 * * *", "2019-03-30 12:00+00", "03-31 02:00+01"],
    ["Africa/Casablanca", "30 2 * * *", "2023-04-22 12:00+00", "04-23 03:00+01"],
    ["Australia/Sydney", "30 2 * * *", "2023-09-30 12:00+10", "10-01 03:00+11"],
    ["Australia/Lord_Howe", "15 2 * * *", "2023-09-30 12:00+10:30", "10-01 02:30+11"],
    ["Pacific/Chatham", "0 3 * * *", "2023-09-23 12:00+12:45", "09-24 03:45+13:45"],
    ["Antarctica/Troll", "30 1 * * *", "2023-03-25 12:00+00", "03-26 03:00+02"],
    ["Asia/Beirut", "0 0 * * *", "2022-03-26 12:00+02", "03-27 01:00+03"],
    ["Africa/Cairo", "30 0 * * *", "2023-04-27 12:00+02", "04-28 01:00+03"],
    ["America/Havana", "0 0 * * *", "2023-03-11 12:00-05", "03-12 01:00-04"],
    ["America/Santiago", "0 0 * * *", "2022-09-10 12:00-04", "09-11 01:00-03"],
    ["America/Asuncion", "59 0 * * *", "2023-09-30 12:00-04", "10-01 01:00-03"],
  ])("fires in %s at the first instant after a gap, when %s is in it", (...[zone, text, after, next]) => {
    expect(runs(crontab(text), zone, [after, `${after.slice(0, 4)}-${next}`])).toEqual([next]);
  });

  it("fires once for all that is in a gap", () => {
    expect(runs(crontab("*/10 2 * * *"), york, ["2024-03-10 00:00-05", "2024-03-11 02:00-04"])).toEqual([
      "03-10 03:00-04",
      "03-11 02:00-04",
    ]);
  });

  it("fires once when one in a gap comes where another is", () => {
    expect(runs(crontab("0 2,3,4 * * *"), york, ["2024-03-10 00:00-05", "2024-03-10 12:00-04"])).toEqual([
      "03-10 03:00-04",
      "03-10 04:00-04",
    ]);
  });

  it.each([
    [york, "30 1 * * *", "2024-11-02 12:00-04", "11-03 01:30-04"],
    [oslo, "0 2 * * *", "2024-10-26 12:00+02", "10-27 02:00+02"],
    ["Europe/Dublin", "30 1 * * *", "2019-10-26 12:00+01", "10-27 01:30+01"],
    ["Africa/Casablanca", "30 2 * * *", "2023-03-18 12:00+01", "03-19 02:30+01"],
    ["Australia/Sydney", "30 2 * * *", "2024-04-06 12:00+11", "04-07 02:30+11"],
    ["Australia/Lord_Howe", "45 1 * * *", "2024-04-06 12:00+11", "04-07 01:45+11"],
    ["Pacific/Chatham", "0 3 * * *", "2024-04-06 12:00+13:45", "04-07 03:00+13:45"],
    ["Asia/Beirut", "30 23 * * *", "2022-10-29 12:00+03", "10-29 23:30+03"],
    ["America/Havana", "0 0 * * *", "2023-11-04 12:00-04", "11-05 00:00-04"],
    ["America/Santiago", "30 23 * * *", "2023-04-01 12:00-03", "04-01 23:30-03"],
    ["America/Asuncion", "30 23 * * *", "2024-03-23 12:00-03", "03-23 23:30-03"],
  ])("fires in %s at the first of two equal times, %s, and not at the second", (...[zone, text, after, next]) => {
    const noon = new Date(instantOf(after).getTime() + 23 * 3_600_000);

    expect([...crontab(text).between(instantOf(after), noon, zone)].map(shownIn(zone))).toEqual([next]);
  });

  it("fires at midnight when clocks have come to it, not when they are put back from it", () => {
    expect(runs(crontab("0 0 * * *"), "Asia/Beirut", ["2022-10-29 12:00+03", "2022-10-30 12:00+02"])).toEqual([
      "10-30 00:00+02",
    ]);
  });

  it("fires at the end of a day that clocks left out, and on the next day as ever", () => {
    const around = ["2011-12-29 08:00-10", "2011-12-31 12:00+14"] as const;

    expect(runs(crontab("0 9 * * *"), "Pacific/Apia", around)).toEqual([
      "12-29 09:00-10",
      "12-31 00:00+14",
      "12-31 09:00+14",
    ]);
  });

  it("is a crontab with named hours also when these are every second one", () => {
    expect(runs(crontab("0 */2 * * *"), york, ["2024-03-10 00:00-05", "2024-03-10 06:00-04"])).toEqual([
      "03-10 03:00-04",
      "03-10 04:00-04",
      "03-10 06:00-04",
    ]);
    expect(runs(crontab("0 1-23/2 * * *"), york, ["2024-11-03 00:00-04", "2024-11-03 06:00-05"])).toEqual([
      "11-03 01:00-04",
      "11-03 03:00-05",
      "11-03 05:00-05",
    ]);
  });

  it.each([
    ["Asia/Kolkata", "2024-03-10 00:00+05:30", "03-10 09:00+05:30"],
    ["Asia/Kathmandu", "2024-03-31 00:00+05:45", "03-31 09:00+05:45"],
    ["Pacific/Chatham", "2024-01-10 00:00+13:45", "01-10 09:00+13:45"],
    ["America/St_Johns", "2024-01-10 00:00-03:30", "01-10 09:00-03:30"],
  ])("fires in %s by clocks that are not whole hours from UTC", (zone, after, next) => {
    const [at] = crontab("0 9 * * *").between(instantOf(after), new Date(8.64e15), zone);

    expect(at && shownIn(zone)(at)).toBe(next);
  });
});

describe("an interval", () => {
  it("lasts as long as ever while clocks are changed", () => {
    const every = interval("90m").startingAt?.(instantOf("2024-03-31 00:00+01")) ?? interval("90m");

    expect(runs(every, oslo, ["2024-03-31 00:00+01", "2024-03-31 06:00+02"])).toEqual([
      "03-31 01:30+01",
      "03-31 04:00+02",
      "03-31 05:30+02",
    ]);
  });

  it("of whole days keeps its time of the day, though one of them has 23 hours", () => {
    const daily = interval({ days: 1 }).startingAt?.(instantOf("2024-03-29 12:00+01")) ?? interval({ days: 1 });

    expect(runs(daily, oslo, ["2024-03-29 12:00+01", "2024-04-01 12:00+02"])).toEqual([
      "03-30 12:00+01",
      "03-31 12:00+02",
      "04-01 12:00+02",
    ]);
  });
});

describe("an interval of whole days", () => {
  const daily = { hours: 24 };

  it("is right after a gap on the day that has its time in it, and at its time again the day after", () => {
    const start = instantOf("2024-03-29 02:30+01");
    const every = interval(daily).startingAt?.(start) ?? interval(daily);

    expect(runs(every, oslo, ["2024-03-30 00:00+01", "2024-04-01 12:00+02"])).toEqual([
      "03-30 02:30+01",
      "03-31 03:00+02",
      "04-01 02:30+02",
    ]);
  });

  it("is at the first of two equal times", () => {
    const start = instantOf("2024-10-25 02:30+02");
    const every = interval(daily).startingAt?.(start) ?? interval(daily);

    expect(runs(every, oslo, ["2024-10-26 00:00+02", "2024-10-28 12:00+01"])).toEqual([
      "10-26 02:30+02",
      "10-27 02:30+02",
      "10-28 02:30+01",
    ]);
  });
});

describe("a schedule by the sun", () => {
  it("knows no clocks: every zone has the same instants", () => {
    const noon = solar("solar_noon", 59.9, 10.7);
    const [from, to] = [instantOf("2024-03-29 00:00+01"), instantOf("2024-04-02 00:00+02")];

    const inOslo = [...noon.between(from, to, oslo)];

    expect(inOslo).toHaveLength(4);
    expect([...noon.between(from, to, york)]).toEqual(inOslo);
  });
});

describe("what an entry says besides its schedule", () => {
  it.each([
    ["ahead, across a gap", { now: "2024-03-10 01:59-05", shown: ["03:00-04"] }],
    ["ahead, into a repeated hour", { now: "2024-11-03 01:59-04", shown: ["01:00-05"] }],
  ])("counts its horizon in seconds %s", (_, { now, shown }) => {
    const instant = instantOf(now).getTime();

    expect(timely({ now: instant, ahead: 90_000, grace: 0 }, instant)).toEqual(shown);
  });

  it.each([
    ["across a gap", { now: "2024-03-10 03:01-04", shown: ["01:59-05", "03:00-04", "03:01-04"] }],
    ["out of a repeated hour", { now: "2024-11-03 01:01-05", shown: ["01:59-04", "01:00-05", "01:01-05"] }],
  ])("counts its grace in seconds %s", (_, { now, shown }) => {
    const instant = instantOf(now).getTime();

    expect(timely({ now: instant, ahead: 0, grace: 130_000 }, instant - 3_600_000)).toEqual(shown);
  });

  it("begins and ends at instants: in the second of two equal hours, say", () => {
    const bounds = { startAt: instantOf("2024-11-03 01:30-05"), endAt: instantOf("2024-11-03 01:32-05") };
    const entry = entryWith({ startAt: bounds.startAt.getTime(), endAt: bounds.endAt.getTime() });
    const shown: string[] = [];
    for (let after: number | undefined = instantOf("2024-11-03 01:29-04").getTime(); after !== undefined;) {
      after = nextSlot(entry, newRecord(entry.spec, 0), after);
      if (after !== undefined) shown.push(shownIn(york)(new Date(after)));
    }

    expect(shown).toEqual(["11-03 01:30-05", "11-03 01:31-05", "11-03 01:32-05"]);
  });

  it("adds its jitter as elapsed time, less than it says", () => {
    const entry = entryWith({ jitter: 7200 });
    const slot = instantOf("2024-03-10 01:59-05").getTime();

    const { id, at } = runOf("shop", { entry, record: newRecord(entry.spec, 0) }, slot);

    expect(at - slot).toBe(Number.parseInt(id.slice(0, 8), 16) % 7_200_000);
  });
});

/** What is on time of such an entry, as clocks show it there. */
function timely(reach: Reach, upTo: number): readonly string[] {
  const entry = entryWith({});
  const { timely: slots } = slotsOf(entry, { ...newRecord(entry.spec, 0), upTo }, reach);
  return slots.map((slot) => shownIn(york)(new Date(slot)).slice("MM-DD ".length));
}

/** An entry of each minute in New York. */
function entryWith(rules: Partial<PlannedEntry>): PlannedEntry {
  const schedule = crontab("* * * * *");
  const task = { task: "shop.add", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false };
  const plan = {
    timezone: york,
    catchup: { policy: "skip", limit: 1 },
    overlap: "allow",
    jitter: 0,
    enabled: true,
  } as const;
  const spec = { task, schedule: schedule.toJSON(), ...plan };
  return { name: "add", call: () => raise("It is not sent"), schedule, ...plan, spec, ...rules };
}

function raise(message: string): never {
  throw new Error(message);
}

/** Later than the first instant, and not later than the second. */
function runs(schedule: Schedule, zone: string, [from, to]: readonly [string, string]): readonly string[] {
  return [...schedule.between(instantOf(from), instantOf(to), zone)].map(shownIn(zone));
}

/** Reads `2024-03-10 03:00-04`, or `+10:30` behind it. */
function instantOf(text: string): Date {
  const [, date = "", time = "", offset = ""] = /^(\S+) (\d\d:\d\d)(.+)$/.exec(text) ?? [];
  return new Date(`${date}T${time}:00${offset.length === 3 ? `${offset}:00` : offset}`);
}

/** Writes it, without the year, and without seconds that are none. */
function shownIn(zone: string): (at: Date) => string {
  const clock = clockIn(zone);
  return (at) => {
    const minutes = (Date.parse(`${clock(at).replace(" ", "T")}Z`) - at.getTime()) / 60_000;
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    const offset = `${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}${rest === 0 ? "" : `:${rest}`}`;
    return `${clock(at).slice(5).replace(/:00$/, "")}${offset}`;
  };
}
