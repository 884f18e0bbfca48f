import * as fc from "fast-check";
import { expect, it } from "vitest";
import { crontab } from "../src/schedules/crontab.ts";

const day = 86_400_000;

/** Days that are looked through, one by one: within them all that is drawn here comes, but for some leap days. */
const most = 3000;

const weekdays = fc.oneof(fc.constant(upTo(0, 6)), some(upTo(0, 6)));
const dates = fc.oneof(fc.constant(upTo(1, 31)), some(upTo(1, 31)), fc.constantFrom<number[]>([29], [30], [31], [1]));
const months = fc.oneof(fc.constant(upTo(1, 12)), some(upTo(1, 12)), fc.constantFrom<number[]>([2], [12], [1]));

it("finds the same day as a walk from day to day, in any year that a Date can tell", () => {
  const numRuns = process.env["UMBEL_TEST_LEVEL"] === "full" ? 5000 : 500;
  const instant = fc.integer({ min: -8.64e15, max: 8.64e15 - most * day });

  fc.assert(
    fc.property(instant, weekdays, dates, months, (...[after, dayOfWeek, dayOfMonth, monthOfYear]) => {
      const wanted = walked(after, (date) =>
        [
          dayOfWeek.includes(date.getUTCDay()),
          dayOfMonth.includes(date.getUTCDate()),
          monthOfYear.includes(date.getUTCMonth() + 1),
        ].every(Boolean),
      );
      fc.pre(wanted !== undefined);

      const schedule = crontab({ minute: 0, hour: 0, dayOfWeek, dayOfMonth, monthOfYear });

      expect(schedule.next(new Date(after))).toEqual(wanted);
    }),
    { seed: 20_261_121, numRuns },
  );
});

/** The first such midnight. */
function walked(after: number, isAllowed: (date: Date) => boolean): Date | undefined {
  const start = Math.floor(after / day) + 1;
  const found = upTo(start, start + most - 1).find((each) => isAllowed(new Date(each * day)));
  return found === undefined ? undefined : new Date(found * day);
}

function upTo(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function some(numbers: readonly number[]): fc.Arbitrary<number[]> {
  return fc.uniqueArray(fc.constantFrom(...numbers), { minLength: 1, maxLength: 5 });
}
