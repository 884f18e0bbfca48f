import { describe, expect, it } from "vitest";
import { Umbel } from "../src/app.ts";
import { configFrom } from "../src/config-from.ts";
import type { LogRecord } from "../src/log.ts";

function shop() {
  const lines: LogRecord[] = [];
  const app = new Umbel("shop", { log: (line) => void lines.push(line) });
  return { app, lines, add: app.task("shop.add", (x: number, y: number) => x + y) };
}

describe("a periodic task", () => {
  it("is kept under its name, with what it was given", () => {
    const { app, add } = shop();

    expect(app.addPeriodicTask(30, add.s(2), { name: "adding", args: [1], queue: "slow" })).toBe("adding");

    const [[name, entry] = []] = app.periodicTasks.take();
    expect(name).toBe("adding");
    expect(entry).toMatchObject({ schedule: 30, options: { args: [1], queue: "slow" } });
    expect(entry?.task.toString()).toBe("shop.add(2)");
  });

  it("has its signature's text as its name, where it has none", () => {
    const { app, add } = shop();

    expect(app.addPeriodicTask(30, add.s(1, 2))).toBe("shop.add(1, 2)");
  });

  it("replaces another unnamed one that reads the same, of which the log warns", () => {
    const { app, add, lines } = shop();
    app.addPeriodicTask(30, add.s(1, 2));

    app.addPeriodicTask(60, add.s(1, 2));

    expect([...app.periodicTasks.take().values()].map(({ schedule }) => schedule)).toEqual([60]);
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'WARNING The periodic task "shop.add(1, 2)" replaces another unnamed one: give each a name of its own',
    ]);
  });

  it("is refused where its name is taken, where it is no signature, and once beat has begun", () => {
    const { app, add } = shop();
    app.addPeriodicTask(30, add.s(1, 2), { name: "adding" });

    expect(() => app.addPeriodicTask(30, add.s(3, 4), { name: "adding" })).toThrow("there is one of that name already");
    // @ts-expect-error: the slip that is told of
    expect(() => app.addPeriodicTask(30, add)).toThrow("write .s()");
    app.periodicTasks.take();
    expect(() => app.addPeriodicTask(30, add.s(3, 4))).toThrow("schedules(app).upsert()");
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

  it.each([[[]], [{ hourly: 3 }], ["hourly"]])("is refused as %j", (beatSchedule) => {
    const { app } = shop();

    expect(() => configFrom(app, { beatSchedule })).toThrow("give entries by name: { name: { task, schedule } }");
  });
});
