import { ImproperlyConfigured } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { crontab, type CrontabFields } from "../src/schedules/crontab.ts";
import type { Schedule } from "../src/schedules/schedule.ts";

const newYear = new Date("2026-01-01T00:00:30Z");
const midnight = { minute: 0, hour: 0 };

describe("crontab", () => {
  it.each<[CrontabFields | undefined, readonly string[], number]>([
    [{ hour: 7, minute: 30, dayOfWeek: 1 }, ["01-05 07:30", "01-12 07:30"], 52],
    [undefined, ["01-01 00:01", "01-01 00:02"], 525_600],
    [midnight, ["01-02 00:00", "01-03 00:00"], 365],
    [{ minute: 0, hour: "*/3" }, ["01-01 03:00", "01-01 06:00", "01-01 09:00"], 2920],
    [{ minute: 0, hour: "0,3,6,9,12,15,18,21" }, ["01-01 03:00", "01-01 06:00", "01-01 09:00"], 2920],
    [{ minute: "*/15" }, ["01-01 00:15", "01-01 00:30"], 35_040],
    [{ dayOfWeek: "sunday" }, ["01-04 00:00", "01-04 00:01"], 74_880],
    [{ minute: "*", hour: "*", dayOfWeek: "sun" }, ["01-04 00:00", "01-04 00:01"], 74_880],
    [
      { minute: "*/10", hour: "3,17,22", dayOfWeek: "thu,fri" },
      ["03:00", "03:10", "03:20", "03:30", "03:40", "03:50", "17:00"].map((time) => `01-01 ${time}`),
      1890,
    ],
    [{ minute: 0, hour: "*/2,*/3" }, ["02", "03", "04", "06", "08"].map((hour) => `01-01 ${hour}:00`), 5840],
    [{ minute: 0, hour: "*/5" }, ["01-01 05:00", "01-01 10:00", "01-01 15:00", "01-01 20:00", "01-02 00:00"], 1825],
    [{ minute: 0, hour: "*/3,8-17" }, ["03", "06", "08", "09", "10"].map((hour) => `01-01 ${hour}:00`), 5475],
    [{ ...midnight, dayOfMonth: "2" }, ["01-02 00:00", "02-02 00:00", "03-02 00:00"], 12],
    [{ ...midnight, dayOfMonth: "2-30/2" }, ["01-02 00:00", "01-04 00:00"], 179],
    [
      { ...midnight, dayOfMonth: "1-7,15-21" },
      ["02", "03", "04", "05", "06", "07", "15"].map((date) => `01-${date} 00:00`),
      168,
    ],
    [{ ...midnight, dayOfMonth: "11", monthOfYear: "5" }, ["05-11 00:00"], 1],
    [{ ...midnight, monthOfYear: "*/3" }, ["01-02 00:00"], 123],
  ])("%j runs as section 8 of acceptance.md says", (fields, first, count) => {
    const schedule = crontab(fields);

    const runs = first.reduce<readonly Date[]>((before) => [...before, ...nextOf(schedule, before)], []).map(shown);
    const inYear = [...schedule.between(new Date("2025-12-31T23:59:59Z"), new Date("2026-12-31T23:59:59Z"))];

    expect(runs).toEqual(first);
    expect(inYear).toHaveLength(count);
  });

  it.each<[CrontabFields, string, string]>([
    [{ ...midnight, dayOfMonth: "2-30/2" }, "2026-01-30T00:00Z", "2026-02-02T00:00Z"],
    [{ ...midnight, monthOfYear: "*/3" }, "2026-01-31T00:00Z", "2026-04-01T00:00Z"],
    [{ ...midnight, dayOfMonth: "11", monthOfYear: "5" }, "2026-05-11T00:00Z", "2027-05-11T00:00Z"],
  ])("%j runs after %s at %s", (fields, after, next) => {
    expect(crontab(fields).next(new Date(after))).toEqual(new Date(next));
  });

  it.each([
    ["0 0 29 2 mon", "2026-01-01T00:00:00Z", "2044-02-29T00:00:00Z"],
    ["0 0 29 2 mon", "2072-02-29T00:00:00Z", "2112-02-29T00:00:00Z"],
    ["0 0 29 2 mon", "1680-01-01T00:00:00Z", "1712-02-29T00:00:00Z"],
    ["59 23 31 12 *", "1969-01-01T00:00:00Z", "1969-12-31T23:59:00Z"],
    ["59 59 23 31 12 *", "1969-12-31T23:59:58.999Z", "1969-12-31T23:59:59Z"],
    ["* * * * * *", "2026-01-01T00:00:00.001Z", "2026-01-01T00:00:01Z"],
    ["*/20 30 * * * *", "2026-01-01T00:30:20Z", "2026-01-01T00:30:40Z"],
    ["*/20 30 * * * *", "2026-01-01T00:30:40Z", "2026-01-01T01:30:00Z"],
    ["0 0 13 * fri", "2026-01-01T00:00:00Z", "2026-02-13T00:00:00Z"],
    ["@hourly", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"],
    ["@daily", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"],
    ["@midnight", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"],
    ["@weekly", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z"],
    ["@Monthly", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"],
    ["@yearly", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"],
    ["@annually", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"],
    ["  30\t7   * *  mon ", "2026-01-01T00:00:00Z", "2026-01-05T07:30:00Z"],
  ])("%j runs after %s at %s", (text, after, next) => {
    expect(crontab(text).next(new Date(after))).toEqual(new Date(next));
  });

  it("has no next run beyond the last instant of a Date", () => {
    const last = new Date(8.64e15);

    expect(crontab("* * * * *").next(last)).toBeUndefined();
    expect(crontab("0 9 * * *").next(last, "Europe/Oslo")).toBeUndefined();
    expect(crontab("0 0 29 2 mon").next(new Date(8.64e15 - 86_400_000), "Asia/Tokyo")).toBeUndefined();
    expect([...crontab("0 0 * * *").between(new Date(8.64e15 - 86_400_000), last)]).toEqual([last]);
  });

  it("goes through all days of the 400 years after which the calendar is the same again", () => {
    const leapMondays = [...crontab("0 0 29 2 mon").between(new Date("2000-01-01"), new Date("2399-12-31"))];

    expect(leapMondays).toHaveLength(15);
    expect(leapMondays.every((each) => each.getUTCDay() === 1 && each.getUTCDate() === 29)).toBe(true);
  });

  it("leaves the first of two instants out and takes the last one in", () => {
    const [from, to] = [new Date("2026-01-01T00:00:00Z"), new Date("2026-01-01T02:00:00Z")];

    expect([...crontab("0 * * * *").between(from, to)].map(shown)).toEqual(["01-01 01:00", "01-01 02:00"]);
    expect([...crontab("0 * * * *").between(to, from)]).toEqual([]);
  });

  it("is read as five or six fields in the order of a crontab", () => {
    expect(String(crontab({ hour: 7, minute: 30, dayOfWeek: 1 }))).toBe("crontab(30 7 * * 1)");
    expect(String(crontab("*/10  30 7 * jan-mar  MON"))).toBe("crontab(*/10 30 7 * jan-mar MON)");
    expect(String(crontab())).toBe("crontab(* * * * *)");
    expect(String(crontab("@weekly"))).toBe("crontab(0 0 * * 0)");
  });

  it("is the same again when it is made of its own form", () => {
    const { type: _, ...fields } = crontab("*/10 30 7 1-7 * mon").toJSON();

    expect(crontab(fields).toJSON()).toEqual({ type: "crontab", ...fields });
    expect(fields).toEqual({
      second: "*/10",
      minute: "30",
      hour: "7",
      dayOfWeek: "mon",
      dayOfMonth: "1-7",
      monthOfYear: "*",
    });
  });

  it.each([[[]], [new Map([["hour", 7]])], [new Date(0)], [null], [5]])("refuses %j for its fields", (given) => {
    // No compiler has seen it.
    expect(() => Reflect.apply(crontab, undefined, [given])).toThrow("is neither a text nor an object of fields");
  });

  it("refuses to be asked after what is no Date", () => {
    expect(() => crontab().next(new Date(Number.NaN))).toThrow(ImproperlyConfigured);
    expect(() => [...crontab().between(new Date("soon"), new Date())]).toThrow("What a crontab is asked after is");
  });
});

/** Celery's own cases: celery-semantics.md 8.5. A date that is left out is that of the instant before it. */
describe("crontab, where Celery was asked whether it is due", () => {
  const thursday = "30 7 * * thursday";
  const second = "30 7 8-14 * thursday";
  const february = "* 22 26,27,28 2 *";
  const march = "30 7 8-14 3 thursday";

  it.each([
    [1, "* * * * *", "2010-09-11 14:30:15", "2010-09-11 14:30:15", false, "2010-09-11 14:31"],
    [2, "* * * * *", "2010-09-11 14:59:15", "2010-09-11 14:59:15", false, "2010-09-11 15:00"],
    [3, "* * * * *", "2010-09-11 14:29:14", "2010-09-11 14:30:15", true, "2010-09-11 14:31"],
    [4, "30 * * * *", "2010-05-10 06:30", "2010-05-10 10:30", true, "2010-05-10 11:30"],
    [5, "30 * * * *", "2010-05-10 09:30", "2010-05-10 10:29", false, "2010-05-10 10:30"],
    [6, "*/15 * * * *", "2010-05-10 06:30", "2010-05-10 10:15", true, "2010-05-10 10:30"],
    [7, "*/15 * * * *", "2010-05-10 06:30", "2010-05-10 10:30", true, "2010-05-10 10:45"],
    [8, "*/15 * * * *", "2010-05-10 10:00", "2010-05-10 10:14", false, "2010-05-10 10:15"],
    [9, "*/15 * * * *", "2010-05-10 10:15", "2010-05-10 10:29", false, "2010-05-10 10:30"],
    [10, "30 7 * * *", "2010-05-09 07:30", "2010-05-10 07:30", true, "2010-05-11 07:30"],
    [11, "30 7 * * *", "2010-05-10 07:30", "2010-05-10 10:30", false, "2010-05-11 07:30"],
    [12, thursday, "2010-04-30 07:30", "2010-05-06 07:30", true, "2010-05-13 07:30"],
    [13, thursday, "2010-05-06 07:30", "2010-05-07 10:30", false, "2010-05-13 07:30"],
    [14, second, "2010-04-08 07:30", "2010-05-13 07:30", true, "2010-06-10 07:30"],
    [15, second, "2010-04-08 07:30", "2010-05-09 10:30", false, "2010-05-13 07:30"],
    [16, february, "2013-07-04 10:00", "2014-02-26 22:00", true, "2014-02-26 22:01"],
    [17, february, "2013-02-28 10:00", "2014-02-26 22:00", true, "2014-02-26 22:01"],
    [18, february, "2013-06-28 22:14", "2014-02-26 21:00", false, "2014-02-26 22:00"],
    [19, march, "2009-03-12 07:30", "2010-03-11 07:30", true, "2011-03-10 07:30"],
    [20, march, "2009-03-12 07:30", "2010-03-07 10:30", false, "2010-03-11 07:30"],
    // 21 and 23 to 25 have a starting deadline: that is the entry's, not the schedule's.
    [22, "30 7 * * *", "2022-12-04 10:30", "2022-12-05 10:30", true, "2022-12-06 07:30"],
    [26, "30 7 * * *", "2022-12-06 07:30", "2022-12-05 10:30", false, "2022-12-07 07:30"],
    [27, "30 7 * * *", "2022-12-05 07:30", "2022-12-05 10:30", false, "2022-12-06 07:30"],
    [28, "30 7 * * *", "2022-12-05 08:30", "2022-12-05 10:30", false, "2022-12-06 07:30"],
    [29, "30 7 * * *", "2022-11-01 10:30", "2022-12-05 10:30", true, "2022-12-06 07:30"],
  ])("case %i: %s, last %s, now %s: due %s, next %s", (...[, text, last, now, isDue, next]) => {
    expect(answerOf(text, [last, now].map(utc))).toEqual([isDue, utc(next)]);
  });

  it.each([
    [30, "5,42 * * * *", "2010-09-11 14:30:15", "2010-09-11 14:42"],
    [31, "5,10,15 * * * *", "2010-09-11 14:30:15", "2010-09-11 15:05"],
    [32, "5,42 12,17 * * *", "2010-09-11 14:30:15", "2010-09-11 17:05"],
    [33, "5,42 12 * * *", "2010-09-11 14:30:15", "2010-09-12 12:05"],
    [34, "30 14 * * sat", "2010-09-11 14:30:15", "2010-09-18 14:30"],
    [35, "5,42 * * * mon-fri", "2010-09-11 14:30:15", "2010-09-13 00:05"],
    [36, "30 14 18 oct *", "2010-09-11 14:30:15", "2010-10-18 14:30"],
    [37, "5,42 * 13 nov-dec *", "2010-09-11 14:30:15", "2010-11-13 00:05"],
    [38, "30 14 18 * *", "2010-09-11 14:30:15", "2010-09-18 14:30"],
    [39, "5,42 * 29 * *", "2010-01-22 14:30:15", "2010-01-29 00:05"],
    [40, "30 14 18 * mon", "2010-01-18 14:30:15", "2010-10-18 14:30"],
    [41, "5,42 * 29 * sat", "2010-01-29 00:05:15", "2010-05-29 00:05"],
    [42, "5,42 * 18 * mon", "2010-01-11 00:05:15", "2010-01-18 00:05"],
    [43, "5,42 * 18 * mon", "2010-01-10 00:05:15", "2010-01-18 00:05"],
    [44, "30 14 29 * *", "2012-01-29 14:30:15", "2012-02-29 14:30"],
    [45, "30 14 29 * *", "2010-01-29 14:30:15", "2010-03-29 14:30"],
    [46, "30 14 29 1 fri", "2010-01-22 14:30:15", "2010-01-29 14:30"],
    [47, "5,42 * 29 1,4,7 wed,thu", "2010-01-29 14:30:15", "2010-04-29 00:05"],
    [48, "30 14 29 1-10 fri", "2010-01-29 14:30:15", "2010-10-29 14:30"],
    [49, "5,42 * 29 2-10 fri", "2010-01-29 14:30:15", "2010-10-29 00:05"],
    [50, "5,42 * 18 2-10 mon", "2010-01-11 00:05:15", "2010-10-18 00:05"],
    [51, "5,42 * 29 2-4 mon", "2010-01-29 00:05:15", "2010-03-29 00:05"],
    [52, "5,42 * 29 2-4 mon", "2010-02-28 00:05:15", "2010-03-29 00:05"],
    [53, "5,42 * 29 2-10 fri,sat", "2010-01-28 14:30:15", "2010-05-29 00:05"],
    // 54, 31 April: refused when it is declared, where Celery's beat dies of it.
    [55, "30 14 29 2 *", "2012-02-29 14:30", "2016-02-29 14:30"],
    [56, "0 0 1 1 *", "2023-12-31 23:59:59", "2024-01-01 00:00"],
    [57, "59 23 31 * *", "2023-01-31 23:59", "2023-03-31 23:59"],
    [58, "0 0 * * sun", "2023-12-30 00:00", "2023-12-31 00:00"],
    [59, "0 0 * * sun", "2023-12-31 00:00", "2024-01-07 00:00"],
    [60, "0 */5 * * *", "2023-12-31 20:00", "2024-01-01 00:00"],
    [61, "0 9 * * mon-fri", "2024-03-01 09:00", "2024-03-04 09:00"],
    [62, "0 0 29 2 *", "2096-03-01 00:00", "2104-02-29 00:00"],
    [63, "0 0 13 * fri", "2024-01-01 00:00", "2024-09-13 00:00"],
    [64, "0 0 * * */2", "2024-01-06 00:00", "2024-01-07 00:00"],
    [65, "0 * * * *", "2024-01-06 10:00", "2024-01-06 11:00"],
  ])("case %i: %s after %s runs at %s", (...[, text, last, next]) => {
    expect(crontab(text).next(utc(last))).toEqual(utc(next));
  });

  const york = "America/New_York";

  it.each([
    [66, "0 9 * * *", "Europe/Paris", "2017-10-28 09:00+02", "2017-10-29 07:00+01", false, "2017-10-29 09:00+01"],
    [67, "0 9 * * *", "Europe/Paris", "2017-03-25 09:00+01", "2017-03-26 07:00+02", false, "2017-03-26 09:00+02"],
    [
      68,
      "0 * 27-31 * *",
      "America/Los_Angeles",
      "2023-01-28 23:00-08",
      "2023-01-29 00:00-08",
      true,
      "2023-01-29 01:00-08",
    ],
    // Celery: at 03:30. The first instant after the gap is 03:00.
    [69, "30 2 * * *", york, "2024-03-09 02:30-05", "2024-03-10 00:00-05", false, "2024-03-10 03:00-04"],
    [70, "30 2 * * *", york, "2024-03-09 02:30-05", "2024-03-10 03:30-04", true, "2024-03-11 02:30-04"],
    [71, "0 * * * *", york, "2024-03-10 01:00-05", "2024-03-10 01:30-05", false, "2024-03-10 03:00-04"],
    [72, "*/30 * * * *", york, "2024-03-10 01:30-05", "2024-03-10 01:45-05", false, "2024-03-10 03:00-04"],
    [73, "30 1 * * *", york, "2024-11-02 01:30-04", "2024-11-03 00:00-04", false, "2024-11-03 01:30-04"],
    [74, "30 1 * * *", york, "2024-11-03 01:30-04", "2024-11-03 01:31-05", false, "2024-11-04 01:30-05"],
    // Celery: at 02:00, two hours later, and the slots of the repeated hour are lost. Ours keeps the rhythm.
    [75, "0 * * * *", york, "2024-11-03 01:00-04", "2024-11-03 01:30-04", false, "2024-11-03 01:00-05"],
    [76, "*/30 * * * *", york, "2024-11-03 01:30-04", "2024-11-03 01:45-04", false, "2024-11-03 01:00-05"],
  ])("case %i: %s in %s, last %s, now %s: due %s, next %s", (...[, text, zone, last, now, isDue, next]) => {
    expect(answerOf(text, [last, now].map(zoned), zone)).toEqual([isDue, zoned(next)]);
  });
});

/** The run after those, or after New Year. */
function nextOf(schedule: Schedule, before: readonly Date[]): readonly Date[] {
  return [schedule.next(before.at(-1) ?? newYear)].filter((each) => each !== undefined);
}

/** Whether a run is due that was last done then, and when the next is if it is done now. */
function answerOf(text: string, [last, now]: readonly Date[], zone?: string): readonly [boolean, Date | undefined] {
  const schedule = crontab(text);
  const next = last && schedule.next(last, zone);
  const isDue = next !== undefined && now !== undefined && next <= now;
  return [isDue, isDue ? schedule.next(now, zone) : next];
}

function utc(text: string): Date {
  return new Date(`${text.replace(" ", "T")}Z`);
}

/** With the hours of the offset behind it. */
function zoned(text: string): Date {
  return new Date(`${text.replace(" ", "T")}:00`.replace(/([+-]\d\d:00)$/, ":00$1"));
}

function shown(instant: Date): string {
  return instant.toISOString().slice(5, 16).replace("T", " ");
}
