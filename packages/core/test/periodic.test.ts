import { describe, expect, it } from "vitest";
import { Umbel } from "../src/app.ts";
import { configFrom } from "../src/config-from.ts";

function shop() {
  const app = new Umbel("shop", { log: () => undefined });
  return { app, add: app.task("shop.add", (x: number, y: number) => x + y) };
}

describe("a periodic task", () => {
  it("is kept under its name, with what it was given", () => {
    const { app, add } = shop();

    expect(app.addPeriodicTask(30, add.s(2), { name: "adding", args: [1], queue: "slow" })).toBe("adding");

    expect(app.periodicTasks).toMatchObject([
      { name: "adding", schedule: 30, options: { args: [1], queue: "slow" }, task: expect.any(Function) },
    ]);
  });

  it("has its signature's text as its name, where it has none", () => {
    const { app, add } = shop();

    expect(app.addPeriodicTask(30, add.s(1, 2))).toBe("shop.add(1, 2)");
  });
});

describe("the setting beatSchedule", () => {
  it("is read from a module of Celery's", () => {
    const { app } = shop();

    configFrom(app, {
      beat_schedule: { hourly: { task: "shop.add", schedule: 3600, relative: true, options: { time_limit: 5 } } },
      beat_cron_starting_deadline: 30,
      beat_max_loop_interval: 5,
    });

    expect(app.conf).toMatchObject({
      beatSchedule: {
        hourly: { task: "shop.add", schedule: { seconds: 3600, relative: true }, options: { timeLimit: 5 } },
      },
      beatCronStartingDeadline: 30,
      beatMaxLoopInterval: 5,
    });
  });

  it("is shown with its dates", () => {
    const { app, add } = shop();
    app.conf.beatSchedule = { adding: { task: add.s(1, 2), schedule: 30, startAt: new Date(0) } };

    expect(String(app.conf)).toContain('"schedule":30,"startAt":"1970-01-01T00:00:00.000Z"');
  });

  it.each([[[]], [{ hourly: 3 }], ["hourly"]])("is refused as %j", (beatSchedule) => {
    const { app } = shop();

    expect(() => configFrom(app, { beatSchedule })).toThrow("give { name: { task, schedule } }");
  });
});
