import { ImproperlyConfigured } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { crontab } from "../src/schedules/crontab.ts";
import { zoneOf } from "../src/schedules/zone.ts";
import { clockIn } from "./wall-clock.ts";

const minute = 60;
const day = 86_400;

/** The day before clocks are changed, in zones of all kinds. */
const changes = [
  ["Europe/Oslo", "2024-03-30"],
  ["Europe/Oslo", "2024-10-26"],
  ["America/New_York", "2024-11-02"],
  ["America/Santiago", "2023-04-01"],
  ["Africa/Casablanca", "2023-03-18"],
  ["Australia/Lord_Howe", "2024-04-06"],
  ["Pacific/Chatham", "2023-09-23"],
  ["Pacific/Apia", "2011-12-29"],
  ["Asia/Kathmandu", "1985-12-31"],
  ["Asia/Kolkata", "2024-01-01"],
] as const;

describe("a zone", () => {
  it.each(changes)("shows what the runtime's own clock of %s shows, minute by minute from %s on", (name, from) => {
    const clock = clockIn(name);
    const zone = zoneOf(name);

    const wrong = minutesFrom(from).filter((at) => momentOf(clock, at) !== at + zone.at(at).offset);

    expect(wrong).toEqual([]);
  });

  it.each(changes)("tells when clocks of %s first show each minute, or something later, from %s on", (name, from) => {
    const clock = clockIn(name);
    const shown = minutesFrom(from).map((at) => momentOf(clock, at));
    const [first = 0, last = 0] = [shown[0], shown.at(-1)];
    const moments = Array.from({ length: (last - first) / minute }, (_, index) => first + (index + 1) * minute);

    const [start = 0] = minutesFrom(from);
    let latest = 0;
    const expected = moments.map((moment) => {
      while ((shown[latest] ?? moment) < moment) latest += 1;
      return start + latest * minute;
    });

    expect(moments.map((moment) => zoneOf(name).reaching(moment))).toEqual(expected);
  });

  it("goes on with its rules in the far future, and ends with them in the far past", () => {
    const oslo = zoneOf("Europe/Oslo");

    expect(oslo.at(secondsAt("2400-07-01")).offset).toBe(2 * 3600);
    expect(oslo.at(secondsAt("2400-01-01")).offset).toBe(3600);
    expect(oslo.at(-8.64e12).start).toBe(-Infinity);
    expect(zoneOf("Asia/Tokyo").at(secondsAt("2026-01-01")).end).toBe(Infinity);
  });

  it("is UTC where none is named", () => {
    expect(zoneOf(undefined)).toBe(zoneOf("UTC"));
    expect(zoneOf("Etc/UTC").at(0).offset).toBe(0);
  });

  it.each([
    ["Europe/Osloo", 'There is no time zone "Europe/Osloo"; the nearest name is "Europe/Oslo"'],
    ["Oslo", 'the nearest name is "Europe/Oslo"'],
    ["America/New York", 'the nearest name is "America/New_York"'],
    ["Mars/Phobos", 'There is no time zone "Mars/Phobos"; an IANA name is wanted, such as "Europe/Oslo"'],
    ["", 'There is no time zone ""; an IANA name is wanted'],
    ["2026-01-01T00:00Z", "an IANA name is wanted"],
  ])("%j is refused, with the nearest name", (name, sentence) => {
    const ask = () => crontab("0 9 * * *").next(new Date(0), name);

    expect(ask).toThrow(ImproperlyConfigured);
    expect(ask).toThrow(sentence);
  });

  it.each([[null], [5], [{}]])("%j is refused, though a compiler would have", (name) => {
    expect(() => Reflect.apply(zoneOf, undefined, [name])).toThrow(ImproperlyConfigured);
  });

  it("answers the same after more zones than are kept were asked for, and more years", () => {
    const schedule = crontab("0 9 * * *");
    const ask = () => schedule.next(new Date("2026-07-01T00:00:00Z"), "Europe/Oslo");
    const before = ask();

    for (const name of Intl.supportedValuesOf("timeZone").slice(0, 110)) zoneOf(name).at(0);
    for (let year = 0; year < 520; year += 1) zoneOf("Europe/Oslo").at(year * 365 * day);

    expect(ask()).toEqual(before);
    expect(before).toEqual(new Date("2026-07-01T07:00:00Z"));
  });
});

/** Each minute of three days. */
function minutesFrom(date: string): readonly number[] {
  return Array.from({ length: (3 * day) / minute }, (_, index) => secondsAt(date) + index * minute);
}

function momentOf(clock: (instant: Date) => string, at: number): number {
  return secondsAt(clock(new Date(at * 1000)));
}

function secondsAt(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}${text.includes(":") ? "Z" : ""}`) / 1000;
}
