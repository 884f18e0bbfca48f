import { ImproperlyConfigured } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { crontab, type CrontabFields } from "../src/schedules/crontab.ts";
import { readField } from "../src/schedules/crontab-field.ts";
import { type FieldName, fields } from "../src/schedules/crontab-fields.ts";

describe("a field of a crontab", () => {
  it.each<[FieldName, CrontabFields["minute"], readonly number[]]>([
    ["minute", "*/15", [0, 15, 30, 45]],
    ["minute", "50-10", [...upTo(0, 10), ...upTo(50, 59)]],
    ["minute", "55-5/3", [1, 4, 55, 58]],
    ["minute", "2-9/5", [2, 7]],
    ["minute", "2-10/5", [2, 7]],
    ["minute", "2-11/5,3", [2, 3, 7]],
    ["minute", "2-4/3,*/5,0-21/4", [0, 2, 4, 5, 8, 10, 12, 15, 16, 20, 25, 30, 35, 40, 45, 50, 55]],
    ["minute", "1,13,30-45,50-59/2", [1, 13, ...upTo(30, 45), 50, 52, 54, 56, 58]],
    ["minute", "*/7", [0, 7, 14, 21, 28, 35, 42, 49, 56]],
    ["minute", "*/100", [0]],
    ["minute", "5-5", [5]],
    ["minute", "05", [5]],
    ["minute", " 5", [5]],
    ["minute", "1, 2", [1, 2]],
    ["minute", "*/5 ", [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]],
    ["second", "*/20", [0, 20, 40]],
    ["hour", "0,8-17/2", [0, 8, 10, 12, 14, 16]],
    ["hour", "22-2", [0, 1, 2, 22, 23]],
    ["dayOfWeek", "mon-fri", [1, 2, 3, 4, 5]],
    ["dayOfWeek", "fri-mon", [0, 1, 5, 6]],
    ["dayOfWeek", "sat-sun", [0, 6]],
    ["dayOfWeek", "sun,tuesday,fri", [0, 2, 5]],
    ["dayOfWeek", "MON-Friday", [1, 2, 3, 4, 5]],
    ["dayOfWeek", "*/2", [0, 2, 4, 6]],
    ["dayOfWeek", "mon-fri/2", [1, 3, 5]],
    ["dayOfWeek", 7, [0]],
    ["dayOfWeek", "7", [0]],
    ["dayOfWeek", "7-7", [0]],
    ["dayOfWeek", "5-7", [0, 5, 6]],
    ["dayOfWeek", "7-2", [0, 1, 2]],
    ["dayOfWeek", "fri-7", [0, 5, 6]],
    ["dayOfWeek", "0-7", [0, 1, 2, 3, 4, 5, 6]],
    ["dayOfWeek", "1-7/2", [0, 1, 3, 5]],
    ["dayOfMonth", "*/5", [1, 6, 11, 16, 21, 26, 31]],
    ["dayOfMonth", "*/15", [1, 16, 31]],
    ["dayOfMonth", "28-3", [1, 2, 3, 28, 29, 30, 31]],
    ["monthOfYear", "*/3", [1, 4, 7, 10]],
    ["monthOfYear", "2-12/2", [2, 4, 6, 8, 10, 12]],
    ["monthOfYear", "aug-oct", [8, 9, 10]],
    ["monthOfYear", "nov-feb", [1, 2, 11, 12]],
    ["monthOfYear", "April", [4]],
    ["monthOfYear", "mar", [3]],
    ["hour", 7, [7]],
    ["hour", [7, 8, 7], [7, 8]],
    ["hour", new Set([22, 3]), [3, 22]],
  ])("%s %j names %j", (name, value, numbers) => {
    expect(numbersOf(name, value)).toEqual(numbers);
  });

  it("keeps what was written, without blanks", () => {
    const written = { second: " 5", minute: "1, 2", hour: new Set([7, 9]), dayOfWeek: "Mon-FRI", monthOfYear: 3 };

    expect(crontab(written).toJSON()).toEqual({
      type: "crontab",
      second: "5",
      minute: "1,2",
      hour: "7,9",
      dayOfWeek: "Mon-FRI",
      dayOfMonth: "*",
      monthOfYear: "3",
    });
  });
});

describe("a field that cannot be read", () => {
  it.each<[unknown, string]>([
    [{ hour: "25" }, 'hour "25": 25 is more than 23; allowed are 0 to 23'],
    [{ hour: 24 }, "hour 24: 24 is more than 23: the first hour is 0"],
    [{ minute: "0-60" }, 'minute "0-60": 60 is more than 59'],
    [{ minute: 60 }, "minute 60: 60 is more than 59"],
    [{ second: 60 }, "second 60: 60 is more than 59"],
    [
      { dayOfWeek: "8" },
      'dayOfWeek "8": 8 is more than 7; allowed are 0 to 7 (0 and 7 are Sunday), sunday to saturday',
    ],
    [{ dayOfMonth: 32 }, "dayOfMonth 32: 32 is more than 31"],
    [{ dayOfMonth: "0-10" }, 'dayOfMonth "0-10": 0 is less than 1'],
    [{ monthOfYear: 0 }, "monthOfYear 0: 0 is less than 1"],
    [{ monthOfYear: "13" }, 'monthOfYear "13": 13 is more than 12; allowed are 1 to 12, january to december'],
    [{ minute: "" }, 'minute "": there is nothing between two commas, or at all'],
    [{ minute: "1,,2" }, 'minute "1,,2": there is nothing between two commas'],
    [{ minute: "*/" }, 'minute "*/": there is no number after the slash'],
    [{ minute: "1-5/" }, 'minute "1-5/": there is no number after the slash'],
    [{ minute: "*/-2" }, 'minute "*/-2": what follows "*" says nothing'],
    [{ minute: "*/0" }, 'minute "*/0": a step is 1 or more'],
    [{ minute: "-20" }, 'minute "-20": there are no negative numbers'],
    [{ minute: -20 }, "minute -20: there are no negative numbers"],
    [{ minute: "5/10" }, 'minute "5/10": a step needs a range: write "5-59/10"'],
    [{ minute: "1-10-20" }, 'minute "1-10-20": what follows "1-10" says nothing'],
    [{ minute: "1-5/2/3" }, 'minute "1-5/2/3": what follows "1-5/2" says nothing'],
    [{ minute: "*/5x" }, 'minute "*/5x": what follows "*/5" says nothing'],
    [{ minute: "1-5x" }, 'minute "1-5x": what follows "1-5" says nothing'],
    [{ minute: "**" }, 'minute "**": what follows "*" says nothing'],
    [{ minute: "1 - 5" }, 'minute "1 - 5": there are no blanks in it'],
    [{ minute: "1-" }, 'minute "1-": "1-" says nothing'],
    [{ minute: "1.5" }, 'minute "1.5": it is no whole number'],
    [{ minute: 1.5 }, "minute 1.5: whole numbers are wanted"],
    [{ minute: Number.NaN }, "minute NaN: whole numbers are wanted"],
    [{ minute: [] }, "minute []: there is no number in it"],
    [{ minute: ["1", "2"] }, 'minute ["1","2"]: texts go into one, with commas between them'],
    [{ minute: null }, "minute null: it is no number, no text and no list of numbers"],
    [{ minute: true }, "minute true: it is no number"],
    [{ minute: {} }, "minute {}: it is no number"],
    [{ minute: "jan" }, 'minute "jan": "jan" belongs in monthOfYear'],
    [{ dayOfWeek: "mar" }, 'dayOfWeek "mar": "mar" belongs in monthOfYear'],
    [{ monthOfYear: "mon-fri" }, 'monthOfYear "mon-fri": "mon" belongs in dayOfWeek'],
    [{ dayOfWeek: "monkey" }, 'dayOfWeek "monkey": "monkey" is no name: the nearest is "monday"'],
    [{ monthOfYear: "sebtember" }, 'the nearest is "september"'],
    [{ dayOfWeek: "tues" }, 'the nearest is "tuesday"'],
    [{ dayOfWeek: "mon#2" }, 'there is no "#": write dayOfWeek "mon" and dayOfMonth "8-14", for both have to match'],
    [{ dayOfWeek: "5#5" }, 'write dayOfWeek "5" and dayOfMonth "29-31"'],
    [{ dayOfMonth: "L" }, 'there is no "L" for the last one'],
    [{ dayOfWeek: "5L" }, 'there is no "L" for the last one'],
    [{ dayOfMonth: "15W" }, 'there is no "W" for the nearest weekday'],
    [{ dayOfMonth: "?" }, 'dayOfMonth "?": there is no "?": write "*"'],
    [{ minute: "H" }, "nothing is drawn by lot here"],
    [{ dayOfWeeks: 1 }, 'There is no field "dayOfWeeks" of the crontab; the nearest name is "dayOfWeek"'],
    [{ day_of_week: 1 }, 'the nearest name is "dayOfWeek"'],
    ["0 25 * * *", 'hour "25": 25 is more than 23'],
    ["0 0 * *", 'The crontab "0 0 * *" has 4 fields: write "minute hour dayOfMonth monthOfYear dayOfWeek"'],
    ["", "has 0 fields"],
    ["daily", "has 1 field:"],
    ["0 0 12 * * ? 2026", "has 7 fields"],
    ["0 0 1, 2 * *", "has a blank beside a comma"],
    ["0 0 * 1, 3 * *", "has a blank beside a comma"],
    ["@fortnightly", "is no name of a schedule: there are @yearly, @annually, @monthly"],
    ["@every 5m", 'is an interval: give the schedule as "5m"'],
    [null, "The crontab null is neither a text nor an object of fields"],
    [5, "The crontab 5 is neither"],
    [{ dayOfMonth: 31, monthOfYear: "feb" }, 'dayOfMonth "31" never comes in monthOfYear "feb"'],
    [{ dayOfMonth: "30,31", monthOfYear: 2 }, "never comes"],
    [{ dayOfMonth: 31, monthOfYear: "4,6,9,11" }, "never comes"],
    ["0 0 31 4 mon", "never comes"],
  ])("%j is refused with the reason", (given, sentence) => {
    // What no compiler has seen: values that the type does not allow.
    const declare = () => Reflect.apply(crontab, undefined, [given]);

    expect(declare).toThrow(ImproperlyConfigured);
    expect(declare).toThrow(sentence);
  });
});

function numbersOf(name: FieldName, value: unknown): readonly number[] {
  return [...readField(fields[name], value).values].toSorted((one, other) => one - other);
}

function upTo(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
