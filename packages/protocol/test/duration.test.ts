import { describe, expect, it } from "vitest";
import { ImproperlyConfigured, secondsOf, timerOf, unitHint } from "../src/index.ts";

describe("secondsOf", () => {
  it.each([
    [10, 10],
    [0, 0],
    [0.5, 0.5],
    [-1, -1],
    ["10", 10],
    ["-1.5", -1.5],
    ["10s", 10],
    ["10m", 600],
    ["1h30m", 5400],
    ["1h 30m", 5400],
    [" 2d ", 172_800],
    ["1w", 604_800],
    ["500ms", 0.5],
    ["1s500ms", 1.5],
    ["1.5h", 5400],
    ["100ms", 0.1],
    ["1w1d1h1m1s1ms", 694_861.001],
    ["10 minutes", 600],
    ["3 days", 259_200],
    ["1 hour 30 minutes", 5400],
    ["1 week 1 second", 604_801],
    ["5 sec", 5],
    ["90secs", 90],
    ["1min", 60],
    ["10 mins", 600],
    ["1 hr 5 min", 3900],
    ["2hrs", 7200],
    ["250 msecs", 0.25],
    ["20 milliseconds", 0.02],
    ["10 Minutes", 600],
  ])("reads %j", (value, seconds) => {
    expect(secondsOf(value)).toBe(seconds);
  });

  it.each(["", " ", "m", "10 moments", "30m1h", "1h1h", "-1h", "1e3s", "ten", "1,5h", Number.NaN, Infinity])(
    "refuses %j by name",
    (value) => {
      const given = typeof value === "string" ? JSON.stringify(value) : String(value);
      expect(() => secondsOf(value)).toThrow(ImproperlyConfigured);
      expect(() => secondsOf(value)).toThrow(`${given} is not a duration`);
    },
  );

  it.each([
    ["5 sek", '"sek", the nearest is "seconds"'],
    ["2 huors", '"huors"'],
    ["1h 10 mintues", '"mintues", the nearest is "minutes"'],
    ["10 foo", '"foo"'],
  ])("names the unit in %j that is none, and those that there are", (text, unit) => {
    expect(() => secondsOf(text)).toThrow(
      `there is no unit ${unit}; there are weeks, days, hours, minutes, seconds and ms`,
    );
  });

  it("shows no more of a text than can be read", () => {
    const word = "x".repeat(10_000);

    expect(unitHint(`5${word}`)).toMatch(/^; there is no unit "x{80}\.\.\."; there are weeks/);
    expect(() => secondsOf(`5${word}`)).toThrow(/^"5x{78}\.\.\. is not a duration/);
  });

  it("speaks of no unit where each is one", () => {
    expect(unitHint("30m1h")).toBe("");
    expect(unitHint("soon")).toBe("");
    expect(unitHint(Number.NaN)).toBe("");
  });
});

describe("timerOf", () => {
  it.each([
    [10, 10_000],
    [0.05, 50],
    [2_147_483, 2_147_483_000],
    [2_147_484, undefined],
    [Infinity, undefined],
  ])("makes %j seconds the milliseconds of a timer, and none of what is longer than any timer", (seconds, timer) => {
    expect(timerOf("timeout", seconds)).toBe(timer);
  });

  it.each([Number.NaN, 0, -1, -Infinity])("refuses %j by the option's name", (seconds) => {
    expect(() => timerOf("requestTimeout", seconds)).toThrow(ImproperlyConfigured);
    expect(() => timerOf("requestTimeout", seconds)).toThrow(`requestTimeout is ${seconds}`);
  });
});
