import { ImproperlyConfigured } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import {
  crontab,
  interval,
  readSchedule,
  type Schedule,
  scheduleOf,
  type ScheduleInput,
  solar,
  within,
} from "../src/schedules/index.ts";

const after = new Date("2026-01-01T00:00:30Z");

describe("what is written for a schedule", () => {
  it.each<[ScheduleInput, string]>([
    [300, "every 5 minutes"],
    ["300", "every 5 minutes"],
    ["5m", "every 5 minutes"],
    ["1 hour 30 minutes", "every 1 hour 30 minutes"],
    ["10 sec", "every 10 seconds"],
    ["1 min", "every minute"],
    [{ minutes: 5 }, "every 5 minutes"],
    [{ hours: 1, relative: true }, "every hour (relative)"],
    ["30 7 * * 1", "crontab(30 7 * * 1)"],
    [" 0  30 7 * * mon ", "crontab(0 30 7 * * mon)"],
    ["@daily", "crontab(0 0 * * *)"],
    [crontab({ hour: 7 }), "crontab(* 7 * * *)"],
    [solar("sunset", 51.5, -0.12), "solar(sunset, 51.5, -0.12)"],
    [{ type: "interval", every: 60 }, "every minute"],
    [{ next: () => undefined, toString: () => "never" }, "never"],
  ])("%j is meant", (written, text) => {
    expect(String(scheduleOf(written))).toBe(text);
  });

  it("is meant whatever the object of fields calls itself", () => {
    class Written {
      readonly [Symbol.toStringTag] = "Written";
      readonly minute = "5";
    }
    const every = Object.assign(Object.create(null), { minutes: 5, [Symbol.toStringTag]: "Every" });

    expect(String(crontab(new Written()))).toBe("crontab(5 * * * *)");
    expect(String(scheduleOf(every))).toBe("every 5 minutes");
  });

  it("is looked at when an application made it", () => {
    const stuck = scheduleOf({ next: (date) => date, toString: () => "a stuck clock" });

    expect(() => stuck.next(after)).toThrow('"a stuck clock"');
  });

  it("keeps what a schedule answers", () => {
    const weekly = crontab("30 7 * * 1");

    expect(scheduleOf(weekly).next(after)).toEqual(weekly.next(after));
    expect(scheduleOf(weekly).toJSON()).toEqual(weekly.toJSON());
    expect(scheduleOf(interval(60)).startingAt?.(new Date(0)).next(after)).toEqual(new Date("2026-01-01T00:01:00Z"));
  });

  it.each<[unknown, string]>([
    ["soon", '"soon" is no schedule: give 300, "5m", { minutes: 5 }, "30 7 * * mon"'],
    [null, "null is no schedule"],
    [undefined, "undefined is no schedule"],
    [[5], "[5] is no schedule"],
    [true, "true is no schedule"],
    [after, '"2026-01-01T00:00:30.000Z" is no schedule'],
    [new Map([["minutes", 5]]), "is no schedule"],
    [Promise.resolve(5), "is no schedule"],
    [crontab, "function is no schedule"],
    [0, "0 is under a second"],
    ["7 * * *", "4 fields"],
    ["10 foo", '"10 foo" is no time span'],
    ["10foo", 'there is no unit "foo"; there are weeks, days'],
    ["5 secodns", 'there is no unit "secodns", the nearest is "seconds"'],
    ["5 0 1 jann *", "jann"],
    ["61 * * * *", "61"],
    ["0 0 31 4 *", "31"],
    [{ minute: 5 }, 'write crontab({"minute":5}), or { minutes: 5 }'],
    [{ minuts: 5 }, 'the nearest name is "minutes"'],
    [{ next: 5 }, "needs a method next(after)"],
  ])("%j is refused", (written, reason) => {
    // No compiler has seen it.
    const read = (): unknown => Reflect.apply(scheduleOf, undefined, [written]);

    expect(read).toThrow(ImproperlyConfigured);
    expect(read).toThrow(reason);
  });
});

describe("the form in which a schedule is kept", () => {
  const start = new Date("2026-01-01T00:00:05Z");
  const counted = interval(90).startingAt?.(start) ?? interval(90);

  it.each<[Schedule]>([
    [interval(1.5)],
    [interval({ days: 1 }, { relative: true, timezone: "Europe/Oslo" })],
    [counted],
    [crontab("*/5 8-17 * * mon-fri")],
    [crontab({ second: "*/10", minute: [0, 30] })],
    [solar("dusk_astronomical", -33.87, 151.2)],
    [within(counted, { startAt: start })],
    [within(within(crontab({ minute: 0 }), { endAt: new Date("2027-01-01") }), { startAt: 5 })],
  ])("is read back as the same schedule: %s", (given) => {
    const read = readSchedule(JSON.parse(JSON.stringify(given)));

    expect(read.toJSON()).toEqual(given.toJSON());
    expect(String(read)).toBe(String(given));
    expect(read.next(after, "Asia/Tokyo")).toEqual(given.next(after, "Asia/Tokyo"));
  });

  it.each<[unknown, string]>([
    [undefined, "A schedule that is kept cannot be read"],
    ["every day", "A schedule that is kept cannot be read"],
    [{}, "A schedule that is kept cannot be read: type"],
    [{ type: "lunar" }, 'no schedule of type "lunar"; there are interval, crontab, solar, within'],
    [{ type: "toString" }, 'no schedule of type "toString"'],
    [{ type: "interval", every: "5m" }, "An interval cannot be read: every"],
    [{ type: "interval", every: 0 }, "0 is under a second"],
    [{ type: "interval", every: 5, ever: 5 }, "An interval cannot be read"],
    [{ type: "crontab", minute: "0" }, "A crontab cannot be read: hour"],
    [{ type: "solar", event: "sunrize", latitude: 0, longitude: 0 }, 'the nearest name is "sunrise"'],
    [{ type: "solar", event: "sunset", latitude: 99, longitude: 0 }, "is 99"],
    [{ type: "within", schedule: { type: "interval" }, endAt: 5 }, "An interval cannot be read: every"],
    [{ type: "within", schedule: { type: "interval", every: 5 }, endAt: "soon" }, "endAt"],
  ])("is refused where it is damaged: %j", (json, reason) => {
    const read = () => readSchedule(json);

    expect(read).toThrow(ImproperlyConfigured);
    expect(read).toThrow(reason);
  });
});
