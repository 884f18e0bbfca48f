/** When cron expressions are due, as QStash's schedules take them. */

import { describe, expect, it } from "vitest";

import { checkCron, nextAfter } from "../src/push/cron.ts";
import { RequestError } from "../src/push/request-error.ts";

const january = Date.parse("2026-01-01T00:00:00Z");

/** The next times after an instant. */
function timesOf(cron: string, from: string, count: number): readonly string[] {
  const times: number[] = [];
  for (let at = Date.parse(from); times.length < count;) {
    at = nextAfter(cron, at) ?? Number.NaN;
    times.push(at);
  }
  return times.map((at) => new Date(at).toISOString().replace(":00.000Z", "Z"));
}

it.each([
  ["each minute, strictly after", "* * * * *", "2026-01-01T00:00:00Z", ["2026-01-01T00:01Z", "2026-01-01T00:02Z"]],
  ["each minute, from the last millisecond", "* * * * *", "2026-01-01T00:00:59.999Z", ["2026-01-01T00:01Z"]],
  ["a step", "*/20 9 * * *", "2026-01-01T09:20:00Z", ["2026-01-01T09:40Z", "2026-01-02T09:00Z"]],
  ["names, and Sunday as 7", "0 0 * jan sun,7", "2026-01-01T00:00:00Z", ["2026-01-04T00:00Z", "2026-01-11T00:00Z"]],
  ["either day", "0 0 13 * 5", "2026-01-03T00:00:00Z", ["2026-01-09T00:00Z", "2026-01-13T00:00Z", "2026-01-16T00:00Z"]],
  ["29 February", "0 0 29 2 *", "2026-01-01T00:00:00Z", ["2028-02-29T00:00Z", "2032-02-29T00:00Z"]],
  ["a zone's time", "CRON_TZ=Asia/Kathmandu 0 9 * * *", "2026-01-01T00:00:00Z", ["2026-01-01T03:15Z"]],
])("a cron expression is due: %s", (...[, cron, from, times]) => {
  expect(timesOf(cron, from, times.length)).toEqual(times);
});

describe("when clocks change", () => {
  const skipped = ["2026-03-28T01:30Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z"];
  const repeated = ["2026-10-24T00:30Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z"];
  const throughRepeated = ["2026-10-24T23:30Z", "2026-10-25T00:30Z", "2026-10-25T01:30Z", "2026-10-25T02:30Z"];
  const pastSkipped = ["2026-03-29T00:40Z", "2026-03-29T01:00Z", "2026-03-29T01:20Z"];

  it.each([
    ["a fixed time that is skipped comes right after", "30 2 * * *", "2026-03-28T00:00:00Z", skipped],
    ["a fixed time that is repeated comes once", "30 2 * * *", "2026-10-24T00:00:00Z", repeated],
    ["a list of hours is of fixed times", "30 2,14 * * *", "2026-03-28T14:00:00Z", ["2026-03-29T01:00Z"]],
    ["what goes on each hour comes in both", "30 * * * *", "2026-10-24T23:00:00Z", throughRepeated],
    ["what goes on all the time keeps its rhythm", "*/20 * * * *", "2026-03-29T00:20:00Z", pastSkipped],
  ])("%s", (...[, cron, from, times]) => {
    expect(timesOf(`CRON_TZ=Europe/Berlin ${cron}`, from, times.length)).toEqual(times);
  });
});

it("a cron expression is kept as it is, without the blanks around it", () => {
  expect(checkCron("  CRON_TZ=Europe/Berlin  */10 * * * * ", january)).toBe("CRON_TZ=Europe/Berlin  */10 * * * *");
});

it.each([
  ["", "no cron expression of five fields: it has 0 fields"],
  ["* * * *", "it has 4 fields"],
  ["* * * * * *", "it has 6 fields"],
  ["60 * * * *", '"60" is no minute; use 0 to 59, and * , - /'],
  ["0,60 * * * *", '"60" is no minute'],
  ["1,,2 * * * *", '"" is no minute'],
  ["1- * * * *", '"1-" is no minute'],
  ["-1 * * * *", '"-1" is no minute'],
  ["5/15 * * * *", "stepping with numeric prefix"],
  ["* 24 * * *", '"24" is no hour; use 0 to 23'],
  ["*/0 * * * *", '"*/0" is no minute'],
  ["0 22-2 * * *", "From value is larger than to value"],
  ["jan * * * *", '"jan" is no minute'],
  ["0 0 0 * *", '"0" is no day of the month; use 1 to 31'],
  ["0 0 * 13 *", '"13" is no month; use 1 to 12, jan feb'],
  ["0 0 * mon *", '"mon" is no month'],
  ["0 0 * * 8", '"8" is no day of the week; use 0 to 7, sun mon'],
  ["0 0 * * monday", '"monday" is no day of the week'],
  ["@daily", "it has 1 fields"],
  ["0 0 L * *", '"L" is no day of the month'],
  ["0 0 15W * *", '"15W" is no day of the month'],
  ["0 0 * * 5#2", '"5#2" is no day of the week'],
  ["0 0 1 * +MON", '"+MON" is no day of the week'],
  ["2026-12-01T00:00:00", "it has 1 fields"],
  ["0 0 31 2 *", '"0 0 31 2 *" is never due: there is no such day'],
  ["CRON_TZ=Nowhere/City * * * * *", '"Nowhere/City" is no time zone'],
  ["CRON_TZ=+02:00 * * * * *", '"+02:00" is no time zone'],
  ["CRON_TZ= * * * * *", '"" is no time zone'],
  ["CRON_TZ=UTC", "it has 0 fields"],
  ["TZ=UTC * * * * *", "it has 6 fields"],
])("a cron expression that is none is refused: %j", (cron, reason) => {
  const check = () => checkCron(cron, january);

  expect(check).toThrow(RequestError);
  expect(check).toThrow(/^Upstash-Cron: /);
  expect(check).toThrow(reason);
});
