/** Crontabs around clock changes, beside an oracle that walks through every minute with Python's zoneinfo. */

import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { crontab } from "../src/schedules/crontab.ts";

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";
const python = "/usr/bin/python3";
const oracle = new URL("crontab_oracle.py", import.meta.url).pathname;
const hasZones = spawnSync(python, ["-c", "import zoneinfo; zoneinfo.ZoneInfo('Europe/Oslo')"]).status === 0;
if (!hasZones) {
  const advice = "Python with time zones is missing: apt-get install python3 tzdata";
  if (process.env["UMBEL_REQUIRE_ALL"] === "1") throw new Error(advice);
  console.warn(`Skipped tests: ${advice}`);
}

/** Days on which clocks are changed, or might have been. */
const days: readonly (readonly [zone: string, day: string])[] = [
  ["Europe/Paris", "2017-03-26"],
  ["Europe/Paris", "2017-10-29"],
  ["Europe/Dublin", "2019-03-31"],
  ["Europe/Dublin", "2019-10-27"],
  ["Europe/Moscow", "2014-10-26"],
  ["America/New_York", "2024-03-10"],
  ["America/New_York", "2024-11-03"],
  // At one minute past midnight.
  ["America/St_Johns", "2010-03-14"],
  ["America/St_Johns", "2010-11-07"],
  // At midnight.
  ["America/Havana", "2023-03-12"],
  ["America/Havana", "2023-11-05"],
  ["America/Santiago", "2022-09-11"],
  ["America/Santiago", "2023-04-02"],
  ["America/Asuncion", "2023-10-01"],
  ["America/Asuncion", "2024-03-24"],
  ["America/Sao_Paulo", "2018-11-04"],
  ["Africa/Cairo", "2023-04-28"],
  ["Africa/Cairo", "2023-10-27"],
  ["Asia/Beirut", "2022-03-27"],
  ["Asia/Beirut", "2022-10-30"],
  // Summer is the standard, and a month is put back.
  ["Africa/Casablanca", "2023-03-19"],
  ["Africa/Casablanca", "2023-04-23"],
  // Half an hour, two hours, a quarter of an hour, a day.
  ["Australia/Lord_Howe", "2023-10-01"],
  ["Australia/Lord_Howe", "2024-04-07"],
  ["America/Caracas", "2016-05-01"],
  ["Antarctica/Troll", "2023-03-26"],
  ["Antarctica/Troll", "2023-10-29"],
  ["Asia/Kathmandu", "1986-01-01"],
  ["Pacific/Apia", "2011-12-30"],
  // Odd offsets; the south.
  ["Asia/Kolkata", "2024-03-10"],
  ["Asia/Kathmandu", "2024-03-31"],
  ["Pacific/Chatham", "2023-09-24"],
  ["Pacific/Chatham", "2024-04-07"],
  ["Australia/Sydney", "2023-10-01"],
  ["Australia/Sydney", "2024-04-07"],
];

const Answers = z.array(z.array(z.array(z.number())));

/** The numbers that each field allows. */
type Spec = Readonly<Record<(typeof names)[number], readonly number[]>>;

const names = ["second", "minute", "hour", "dayOfMonth", "monthOfYear", "dayOfWeek"] as const;

interface Window {
  readonly zone: string;
  readonly from: string;
  readonly to: string;
  readonly step: number;
  readonly specs: readonly Spec[];
  /** Since when ours is asked, where that is not the window's begin. */
  readonly asked?: string;
}

const hours = upTo(0, 23);
const sixty = upTo(0, 59);
const anyDay = {
  dayOfMonth: fc.constant(upTo(1, 31)),
  monthOfYear: fc.constant(upTo(1, 12)),
  dayOfWeek: fc.constant(upTo(0, 6)),
};

/** Hours around midnight, where clocks are changed, more often than others. */
const namedHours = fc.uniqueArray(fc.oneof(fc.constantFrom(0, 1, 2, 3, 23), fc.constantFrom(...hours)), {
  minLength: 1,
  maxLength: 5,
});

const anySpec = specOn({
  dayOfMonth: fc.oneof({ weight: 3, arbitrary: anyDay.dayOfMonth }, some(upTo(1, 31), 20)),
  monthOfYear: anyDay.monthOfYear,
  dayOfWeek: fc.oneof({ weight: 3, arbitrary: fc.constant(upTo(0, 6)) }, some(upTo(0, 6), 4)),
});

const specOfSeconds: fc.Arbitrary<Spec> = fc.record({
  second: fc.oneof(everySoMany(), some(sixty, 3)),
  minute: fc.oneof(fc.constant([0]), fc.constant(sixty), some(sixty, 4)),
  hour: fc.oneof(fc.constant(hours), namedHours),
  ...anyDay,
});

describe.skipIf(!hasZones)("crontab in a zone, beside a walk through every minute", () => {
  const around = days.map(([zone, day], index): Window => {
    const specs = fc.sample(anySpec, { seed: 20_261_121 + index, numRuns: isFull ? 60 : 5 });
    return { zone, from: dayAfter(day, -2), to: dayAfter(day, 3), step: 60, specs };
  });
  const walked = hasZones ? theirs(around) : [];

  it("fires at the same instants, days before and after clocks are changed", () => {
    expect(ours(around)).toEqual(walked);
  });

  it("says the same of any instant of these days, whatever it was asked before", () => {
    const differences = around.flatMap((window, index) =>
      window.specs.flatMap((spec, at) => {
        const schedule = crontab(spec);
        const runs = (walked[index]?.runs[at]?.at ?? []).map((seconds) => seconds * 1000);
        return probesIn(window).flatMap((probe) => {
          const wanted = runs.find((run) => run > probe);
          const given = schedule.next(new Date(probe), window.zone)?.getTime();
          return wanted === undefined || wanted === given
            ? []
            : [{ ...window, specs: String(schedule), probe, wanted, given }];
        });
      }),
    );

    expect(differences).toEqual([]);
  });

  it("finds a day on which clocks are changed from half a year before", () => {
    const windows = days.map(([zone, day], index): Window => {
      const [, month, date] = day.split("-").map(Number);
      const dayOfMonth = fc.constant<number[]>([date ?? 0]);
      const thatDay = { ...anyDay, dayOfMonth, monthOfYear: fc.constant<number[]>([month ?? 0]) };
      const specs = fc.sample(specOn(thatDay), { seed: index, numRuns: isFull ? 60 : 5 });
      return { zone, from: dayAfter(day, -2), to: dayAfter(day, 3), step: 60, specs };
    });

    const before = windows.map((window) => ({ ...window, asked: dayAfter(window.from, -200) }));
    expect(ours(before)).toEqual(theirs(windows));
  });

  it("fires at the same seconds, hours before and after clocks are changed", () => {
    const changes = [
      ["Europe/Paris", "2017-03-26T00:00:00", "2017-03-26T02:00:00"],
      ["Europe/Paris", "2017-10-29T00:00:00", "2017-10-29T02:30:00"],
      ["Australia/Lord_Howe", "2023-09-30T15:00:00", "2023-09-30T16:00:00"],
      ["Australia/Lord_Howe", "2024-04-06T14:30:00", "2024-04-06T16:00:00"],
    ] as const;
    const windows = changes.map(([zone, from, to], index): Window => {
      const specs = fc.sample(specOfSeconds, { seed: 7 + index, numRuns: isFull ? 20 : 4 });
      return { zone, from, to, step: 1, specs };
    });

    expect(ours(windows)).toEqual(theirs(windows));
  });
});

/** Minutes and hours of many kinds, on such days. */
function specOn(
  on: Readonly<Record<"dayOfMonth" | "monthOfYear" | "dayOfWeek", fc.Arbitrary<number[]>>>,
): fc.Arbitrary<Spec> {
  return fc.record({
    second: fc.constant([0]),
    minute: fc.oneof(fc.constant([0]), fc.constant([30]), everySoMany(), some(sixty, 4), fc.constant(sixty)),
    hour: fc.oneof(fc.constant(hours), namedHours),
    ...on,
  });
}

/** What our schedules answer, in seconds; the window's last instant is not part of it, its first is. */
function ours(windows: readonly Window[]): readonly Answer[] {
  return windows.map(({ zone, from, to, specs, asked = from }) => {
    const before = new Date(Date.parse(`${asked}Z`) - 1);
    const last = new Date(Date.parse(`${to}Z`) - 1);
    const schedules = specs.map((spec) => crontab(spec));
    return {
      zone,
      from,
      runs: schedules.map((each) => ({
        of: String(each),
        at: [...each.between(before, last, zone)].map((at) => at.getTime() / 1000),
      })),
    };
  });
}

interface Answer {
  readonly zone: string;
  readonly from: string;
  readonly runs: readonly { readonly of: string; readonly at: readonly number[] | undefined }[];
}

function theirs(windows: readonly Window[]): readonly Answer[] {
  const input = JSON.stringify(windows);
  const { stdout, stderr } = spawnSync(python, [oracle], { input, encoding: "utf8", maxBuffer: 1e9 });
  if (stderr !== "") throw new Error(stderr);
  const answers = Answers.parse(JSON.parse(stdout));
  return windows.map(({ zone, from, specs }, index) => ({
    zone,
    from,
    runs: specs.map((spec, at) => ({ of: String(crontab(spec)), at: answers[index]?.[at] })),
  }));
}

/** Instants that come neither in order nor at full minutes only. */
function probesIn({ from, to }: Window): readonly number[] {
  const [start, end] = [Date.parse(`${from}Z`), Date.parse(`${to}Z`)];
  const count = Math.floor((end - start) / (13 * 60_000));
  return Array.from(
    { length: count },
    (_, index) => start + ((index * 211) % count) * 13 * 60_000 + (index % 3) * 29_999,
  );
}

function upTo(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function some(numbers: readonly number[], maxLength: number): fc.Arbitrary<number[]> {
  return fc.uniqueArray(fc.constantFrom(...numbers), { minLength: 1, maxLength });
}

function everySoMany(): fc.Arbitrary<number[]> {
  return fc.constantFrom(5, 7, 10, 15, 20, 30).map((step) => sixty.filter((each) => each % step === 0));
}

function dayAfter(day: string, count: number): string {
  return new Date(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 19);
}
