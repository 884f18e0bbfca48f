import { configFrom, Umbel } from "@umbel/core";
import { describe, expect, it } from "vitest";
import { limitsIn, type RateLimit } from "../src/rate-limit.ts";

describe("a rate limit", () => {
  it.each<[RateLimit, unknown]>([
    ["10/s", { rate: 10, period: 1 }],
    ["100/m", { rate: 100, period: 60 }],
    ["1000/h", { rate: 1000, period: 3600 }],
    [" 5 ", { rate: 5, period: 1 }],
    [7, { rate: 7, period: 1 }],
    ["0.1/s", { rate: 1, period: 10 }],
    ["0.5/m", { rate: 1, period: 120 }],
    ["0.0012/m", { rate: 1, period: 50_000 }],
    [0.3, { rate: 1, period: 4 }],
    ["2.5/m", { rate: 25, period: 600 }],
    [null, undefined],
    [0, undefined],
    ["0/m", undefined],
    [{ rate: 3 }, { rate: 3, period: 1 }],
    [
      { rate: 3, period: "1m", parallelism: 2 },
      { rate: 3, period: 60, parallelism: 2 },
    ],
    [{ parallelism: 1, key: "mail" }, { parallelism: 1 }],
  ])("%j means %j", (limit, limits) => {
    expect(limitsIn(limit)).toEqual(limits);
  });

  it.each<[unknown, string]>([
    ["10/d", 'rateLimit of the task "a" is "10/d", and "d" is no unit: write "10/s", "100/m" or "1000/h"'],
    ["10/S", '"S" is no unit'],
    ["fast", 'rateLimit of the task "a" is "fast": write "10/s"'],
    ["", 'rateLimit of the task "a" is "": write'],
    ["-1/s", 'is "-1/s": write'],
    [-1, 'rateLimit of the task "a" is -1: write'],
    [Number.NaN, "is NaN: write"],
    [Infinity, "is Infinity: write"],
    ["0.001/h", "a period of 3600000 s is not one of whole seconds, up to a week"],
    [{}, 'rateLimit of the task "a" limits nothing: give rate, parallelism, or both'],
    [{ key: "mail" }, "limits nothing"],
    [{ parallelism: 1, period: 5 }, "has a period without a rate"],
    [{ rate: 0 }, 'rate of rateLimit of the task "a" is 0: give a whole number above 0'],
    [{ rate: "10" }, 'is "10": give a whole number'],
    [{ rate: 1.5 }, "is 1.5: give a whole number"],
    [{ parallelism: 0 }, 'parallelism of rateLimit of the task "a" is 0'],
    [{ rate: 1, period: 0.5 }, "a period of 0.5 s"],
    [{ rate: 1, period: "8d" }, "a period of 691200 s"],
    [{ rate: 1, period: "soon" }, '"soon" is not a duration'],
    [{ rate: 1, key: 7 }, "is 7: give a name, or a function of the arguments"],
    [{ rate: 1, key: "" }, 'key of rateLimit of the task "a" is ""'],
    [{ rates: 1 }, 'There is no part "rates" of rateLimit of the task "a"; the nearest name is "rate"'],
  ])("is refused when it is declared: %j", (rateLimit, says) => {
    const app = new Umbel("app");
    const options = Object.assign({ name: "a", rateLimit: "" }, { rateLimit });

    expect(() => app.task(options, () => 1)).toThrow(says);
  });

  it.each<[object, string]>([
    [{ taskDefaultRateLimit: "10/x" }, 'taskDefaultRateLimit is "10/x", and "x" is no unit'],
    [{ taskDefaultRateLimit: true }, 'taskDefaultRateLimit is true: give "10/s"'],
    [{ taskQueues: { slow: { rateLimit: "fast" } } }, 'rateLimit of the queue "slow" is "fast"'],
    [{ taskQueues: { slow: { parallelism: 0 } } }, 'parallelism of the queue "slow" is 0'],
  ])("is refused when it is set: %j", (settings, says) => {
    expect(() => new Umbel("app", settings)).toThrow(says);
  });

  it("is read from a variable or a module in Celery's manner", () => {
    const app = new Umbel("app");

    configFrom(app, { task_default_rate_limit: "100/m", task_queues: [{ name: "slow", parallelism: 2 }] });

    expect(app.conf.taskDefaultRateLimit).toBe("100/m");
    expect(app.conf.taskQueues).toEqual({ slow: { parallelism: 2 } });
  });
});
