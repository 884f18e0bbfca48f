import { ImproperlyConfigured } from "@umbel/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interval, type Interval, type Schedule } from "../src/schedules/index.ts";
import { clockIn } from "./wall-clock.ts";

const runs = { numRuns: process.env["UMBEL_TEST_LEVEL"] === "full" ? 5000 : 200 };
const second = 1000;
const day = 86_400 * second;

/** An instant, in UTC where it does not say. */
function at(text: string): Date {
  return new Date(/Z|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
}

function nextOf(schedule: Schedule, after: string, timezone?: string): string | undefined {
  return schedule.next(at(after), timezone)?.toISOString();
}

const instants = fc.date({ min: at("1980-01-01T00:00:00"), max: at("2060-01-01T00:00:00"), noInvalidDate: true });

describe("an interval", () => {
  it.each<[Interval, string, string]>([
    [30, "2026-01-01T00:00:00", "2026-01-01T00:00:30.000Z"],
    [{ hours: 1 }, "2026-01-01T00:17:25", "2026-01-01T01:17:25.000Z"],
    ["1h30m", "2026-01-01T00:17:25", "2026-01-01T01:47:25.000Z"],
    [{ weeks: 1, days: -1 }, "2026-01-01T00:17:25", "2026-01-07T00:17:25.000Z"],
    [1.5, "2026-01-01T00:00:00.250", "2026-01-01T00:00:01.750Z"],
  ])("of %j is due so much later than the last run", (every, after, next) => {
    expect(nextOf(interval(every), after)).toBe(next);
  });

  // Celery's table (semantics 8.3).
  it.each<[Interval, string, string]>([
    [{ hours: 1 }, "2026-01-01T00:17:25", "2026-01-01T01:00:00.000Z"],
    [{ hours: 1 }, "2026-01-01T01:00:00", "2026-01-01T02:00:00.000Z"],
    [{ minutes: 90 }, "2026-01-01T00:17:25", "2026-01-01T01:00:00.000Z"],
    [{ days: 1 }, "2026-01-01T13:17:25", "2026-01-02T00:00:00.000Z"],
    [{ minutes: 5 }, "2026-01-01T00:17:25", "2026-01-01T00:22:00.000Z"],
    [30, "2026-01-01T00:17:25.4", "2026-01-01T00:17:55.000Z"],
  ])("of %j, relative, is cut to its unit", (every, after, next) => {
    expect(nextOf(interval(every, { relative: true }), after)).toBe(next);
  });

  it("of days keeps the time of the day when clocks change, and the instant in UTC where it has no zone", () => {
    const daily = interval("1d");

    expect(nextOf(daily, "2026-03-07T12:00:00-05:00", "America/New_York")).toBe("2026-03-08T16:00:00.000Z");
    expect(nextOf(daily, "2026-03-07T12:00:00-05:00")).toBe("2026-03-08T17:00:00.000Z");
  });

  it("of hours keeps its rhythm when clocks change", () => {
    expect(nextOf(interval({ hours: 36 }), "2026-03-07T12:00:00-05:00", "America/New_York")).toBe(
      "2026-03-09T05:00:00.000Z",
    );
  });

  it("counts days in its own zone, if it has one, whichever the entry has", () => {
    const daily = interval("1d", { timezone: "UTC" });

    expect(nextOf(daily, "2026-03-07T12:00:00-05:00", "America/New_York")).toBe("2026-03-08T17:00:00.000Z");
  });

  it("cuts to full hours of the zone, where these are at half past", () => {
    const hourly = interval("1h", { relative: true });

    expect(nextOf(hourly, "2026-01-01T00:17:25", "Asia/Kolkata")).toBe("2026-01-01T00:30:00.000Z");
  });

  it("is the same, read at any place between two instants", () => {
    const every = interval(20).startingAt?.(at("2026-01-01T00:00:05"));

    expect([...(every?.between(at("2026-01-01T00:01:05"), at("2026-01-01T00:02:05")) ?? [])]).toEqual([
      at("2026-01-01T00:01:25"),
      at("2026-01-01T00:01:45"),
      at("2026-01-01T00:02:05"),
    ]);
  });

  it("has a text and a form", () => {
    const start = new Date(0);
    const hourly = interval({ hours: 1 }, { relative: true, timezone: "Europe/Oslo" });

    expect(String(interval(30))).toBe("every 30 seconds");
    expect(String(interval("1d2h1m1s"))).toBe("every 1 day 2 hours 1 minute 1 second");
    expect(String(interval({ weeks: 2 }))).toBe("every 14 days");
    expect(String(interval(60.25))).toBe("every 1 minute 0.25 seconds");
    expect(String(hourly.startingAt?.(start))).toBe(
      "every hour (relative) in Europe/Oslo counted from 1970-01-01T00:00:00.000Z",
    );
    expect(interval("5m").toJSON()).toEqual({ type: "interval", every: 300 });
    expect(hourly.startingAt?.(start).toJSON()).toEqual({
      type: "interval",
      every: 3600,
      relative: true,
      timezone: "Europe/Oslo",
      startingAt: 0,
    });
  });
});

describe("an interval that is counted from an instant", () => {
  it("answers the first instant that is a whole number of intervals away, whoever asks", () => {
    fc.assert(
      fc.property(instants, instants, fc.integer({ min: 1, max: 400_000 }), (start, after, every) => {
        fc.pre(every % 86_400 !== 0);
        const next = interval(every).startingAt?.(start).next(after, "Europe/Oslo")?.getTime() ?? Number.NaN;

        expect(next).toBeGreaterThan(after.getTime());
        expect(next - every * second).toBeLessThanOrEqual(after.getTime());
        expect(Math.abs(next - start.getTime()) % (every * second)).toBe(0);
      }),
      runs,
    );
  });

  it.each<[Interval, string, readonly string[]]>([
    [{ minutes: 90 }, "UTC", ["01-01T01:00:00", "01-01T03:00:00", "01-01T04:00:00", "01-01T06:00:00"]],
    [90, "UTC", ["01-01T00:18:00", "01-01T00:20:00", "01-01T00:21:00", "01-01T00:23:00"]],
    [1.5, "UTC", ["01-01T00:17:26", "01-01T00:17:28", "01-01T00:17:29", "01-01T00:17:31"]],
    [{ hours: 36 }, "UTC", ["01-02T00:00:00", "01-04T00:00:00", "01-05T00:00:00", "01-07T00:00:00"]],
    [{ hours: 2 }, "Asia/Kolkata", ["01-01T01:30:00", "01-01T03:30:00", "01-01T05:30:00", "01-01T07:30:00"]],
    [{ days: 2 }, "Asia/Tokyo", ["01-02T15:00:00", "01-04T15:00:00", "01-06T15:00:00", "01-08T15:00:00"]],
  ])("of %j, relative, is cut at each run (%s)", (every, zone, expected) => {
    const start = at("2026-01-01T00:17:25");
    const relative = interval(every, { relative: true }).startingAt?.(start);

    const slots = [...(relative?.between(start, at("2026-01-09T00:00:00"), zone) ?? [])];

    expect(slots.slice(0, 4).map((each) => each.toISOString().slice(5, 19))).toEqual(expected);
  });

  it("is at full hours, relative, before and after a clock change of half an hour", () => {
    const start = at("2026-04-04T12:00:00");
    const hourly = interval({ hours: 1 }, { relative: true }).startingAt?.(start);

    const slots = [...(hourly?.between(start, at("2026-04-04T18:00:00"), "Australia/Lord_Howe") ?? [])];

    expect(slots.map((each) => each.toISOString().slice(11, 16))).toEqual([
      "13:00",
      "14:00",
      "14:30",
      "15:30",
      "16:30",
      "17:30",
    ]);
  });

  it("goes on, relative, on a day so long that two runs are cut to one", () => {
    const start = at("2026-10-24T22:00:00"); // Midnight in Oslo, where that day has 25 hours.
    const relative = interval(86_401, { relative: true });

    expect(nextOf(relative, start.toISOString(), "Europe/Oslo")).toBe("2026-10-25T23:00:00.000Z");
    expect(relative.startingAt?.(start).next(start, "Europe/Oslo")).toEqual(at("2026-10-25T23:00:00"));
  });

  it("is not counted anew from another one", () => {
    expect(interval(30).startingAt?.(new Date(0))).not.toHaveProperty("startingAt");
  });

  it("runs once a day at its time of the day, or at the first instant after a gap, in every zone", () => {
    const zones = [
      "Europe/Oslo",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
      "Africa/Cairo",
      "Asia/Beirut",
      "America/Santiago",
      "Pacific/Chatham",
      "Pacific/Apia",
      "America/St_Johns",
      "Asia/Tokyo",
      "America/Havana",
    ];
    for (const zone of zones) {
      for (let half = 0; half < 48; half++) {
        const start = new Date(at("2011-01-01T10:30:00").getTime() + half * (day / 48));
        expect(misfitsOf(start, zone), `${zone} ${start.toISOString()}`).toEqual([]);
      }
    }
  });

  it("answers the same slot to whoever asks up to a day before, in summer and in winter", () => {
    const daily = interval({ days: 1 }).startingAt?.(at("2026-07-01T10:00:00"));
    const slots = [...(daily?.between(at("2026-01-01T00:00:00"), at("2027-05-01T00:00:00"), "Europe/Oslo") ?? [])];

    const asked = [1, second, 12 * 3600 * second].map((before) =>
      slots.map((slot) => daily?.next(new Date(slot.getTime() - before), "Europe/Oslo")),
    );

    expect(slots).toHaveLength(485);
    expect(asked).toEqual([slots, slots, slots]);
  });

  it("is relative to midnight on each day, or to the first instant of a day without one", () => {
    const daily = interval({ days: 1 }, { relative: true }).startingAt?.(at("2026-04-24T13:00:00"));
    const days = [...(daily?.between(at("2026-04-22T12:00:00"), at("2026-04-25T12:00:00"), "Africa/Cairo") ?? [])];

    // Clocks go from 24:00 on Thursday to 01:00 on Friday, the 24th.
    expect(days.map((each) => each.toISOString())).toEqual([
      "2026-04-22T22:00:00.000Z",
      "2026-04-23T22:00:00.000Z",
      "2026-04-24T21:00:00.000Z",
    ]);
  });
});

/** Slots of a daily run over a year that are neither at its time nor at the end of a gap that has it, and days with two. */
function misfitsOf(start: Date, zone: string): readonly string[] {
  const show = clockIn(zone);
  const time = show(start).slice(11);
  const daily = interval({ days: 1 }).startingAt?.(start);
  const slots = [...(daily?.between(start, new Date(start.getTime() + 370 * day), zone) ?? [])];
  const [timely, others] = [true, false].map((wanted) => slots.filter((slot) => show(slot).endsWith(time) === wanted));
  const wrong = others?.filter((slot) => !endsGap(slot, time, show)) ?? [];
  const dates = timely?.map((slot) => show(slot).slice(0, 10)) ?? [];
  return [...wrong.map(String), ...dates.filter((date, index) => date === dates[index - 1])];
}

/** Whether clocks jump over this time of a day to what they show at an instant. */
function endsGap(instant: Date, time: string, show: (instant: Date) => string): boolean {
  const expected = new Date(Date.parse(`${show(new Date(instant.getTime() - second))}Z`) + second);
  const lost = [expected.toISOString(), show(instant)].map((moment) => at(`${moment.slice(0, 10)}T${time}`));
  return lost.some((moment) => expected <= moment && moment < at(show(instant).replace(" ", "T")));
}

describe("an interval that makes no sense", () => {
  it.each<[unknown, string]>([
    [0, "0 is under a second"],
    [-5, "-5 is under a second"],
    ["100ms", '"100ms" is under a second'],
    [{}, "{} is under a second"],
    [{ minutes: -1 }, '{"minutes":-1} is under a second'],
    [Number.NaN, "NaN is no time span"],
    [{ minutes: Number.NaN }, "is no time span"],
    ["soon", '"soon" is no time span'],
    [undefined, "undefined is no time span"],
    [Infinity, "Infinity is over a hundred years"],
  ])("is refused when it is declared: %j", (every, reason) => {
    // No compiler has seen it.
    const declare = (): unknown => Reflect.apply(interval, undefined, [every]);

    expect(declare).toThrow(ImproperlyConfigured);
    expect(declare).toThrow(reason);
    expect(declare).toThrow('give { minutes: 5 }, "5m" or 300, from a second to a hundred years');
  });

  it("is refused with the name that was meant", () => {
    // No compiler has seen either.
    expect(() => Reflect.apply(interval, undefined, [{ minuts: 5 }])).toThrow('the nearest name is "minutes"');
    expect(() => Reflect.apply(interval, undefined, [5, { relativ: true }])).toThrow('the nearest name is "relative"');
  });

  it("is refused for a zone that there is not", () => {
    expect(() => interval(5, { timezone: "Europe/Olso" })).toThrow("Europe/Olso");
    expect(() => interval(5).next(new Date(0), "Europe/Olso")).toThrow("Europe/Olso");
  });

  it("is refused for an instant that is none", () => {
    expect(() => interval(5).next(new Date("soon"))).toThrow("Invalid Date");
  });
});
