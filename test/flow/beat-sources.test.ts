/** Where entries of code may be given, as Celery's user guide gives them. The first is acceptance 8. */

import { configFrom } from "umbel";
import { beat, crontab, schedules } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { world, type WorldOptions } from "./world.ts";

/** An application that adds, on the first of January of 2026, a Thursday. */
function adding(options: WorldOptions = {}) {
  const home = world(options);
  const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
  return { ...home, add };
}

describe("an entry of code", () => {
  it("is given to beat, or set, or added, and runs from all three", async () => {
    const { app, add, clock, finish } = adding();
    const done: unknown[] = [];
    app.signals.taskSuccess.connect(({ result }) => done.push(result));
    app.conf.beatSchedule = {
      "add-every-monday-morning": {
        task: "tasks.add",
        schedule: crontab({ hour: 7, minute: 30, dayOfWeek: 1 }),
        args: [16, 16],
      },
    };
    app.addPeriodicTask(crontab({ hour: 8, dayOfWeek: 1, minute: 0 }), add.s(1), { args: [1], name: "at eight" });
    const site = beat(app, { "at nine": { task: add, args: [3, 4], schedule: "0 9 * * mon" } });
    await site.tick();

    for (const hour of [7.5, 0.5, 1]) {
      await clock.advance(hour === 7.5 ? 4 * 86_400 + hour * 3600 : hour * 3600);
      await site.tick();
    }
    await finish();

    expect(done).toEqual([32, 2, 7]);
  });

  it("may be added once the application is configured, and once all tasks are declared", async () => {
    const { app, add } = adding();
    app.onAfterConfigure.connect(({ sender }) => void sender.addPeriodicTask(30, add.s(1, 2), { name: "configured" }));
    app.onAfterFinalize.connect(({ sender }) => void sender.addPeriodicTask(30, add.s(3, 4)));
    const site = beat(app, {});

    const shown = await (await site.request("http://127.0.0.1/")).json();

    expect(shown).toMatchObject({
      entries: [
        { name: "configured", task: "tasks.add", schedule: "every 30 seconds" },
        { name: "tasks.add(3, 4)", task: "tasks.add", schedule: "every 30 seconds" },
      ],
    });
  });

  it("goes by the settings that hold when beat begins", async () => {
    const { app, add } = adding();
    app.onAfterConfigure.connect(() => void configFrom(app, { timezone: "Europe/Oslo" }));
    const site = beat(app, { nine: { task: add, args: [1, 2], schedule: "0 9 * * *" } });

    await site.tick();

    const entry = await schedules(app).get("nine");
    expect(entry).toMatchObject({ timezone: "Europe/Oslo", nextRun: new Date("2026-01-01T08:00:00Z") });
  });

  it("has the options of its calls beside its rules, where it is added", async () => {
    const { app, add, broker } = adding();
    app.addPeriodicTask(30, add.s(1, 2), { name: "adding", queue: "slow", priority: 3, jitter: 5, timezone: "UTC" });
    const site = beat(app, {}, { horizon: 60 });

    await site.tick();

    expect(broker.waiting.map(({ queue }) => queue)).toEqual(["slow", "slow"]);
    expect(await schedules(app).get("adding")).toMatchObject({ jitter: 5, signature: { options: { priority: 3 } } });
  });
});

describe("two unnamed calls that are equal", () => {
  it("are one entry, by the second's schedule, of which the log warns", async () => {
    const { app, add, lines } = adding();
    app.addPeriodicTask(30, add.s(1, 2));
    app.addPeriodicTask("1m", add.s(1, 2));

    await beat(app, {}).tick();

    expect(await schedules(app).list()).toMatchObject([{ name: "tasks.add(1, 2)", schedule: "every minute" }]);
    expect(lines.filter(({ level }) => level === "WARNING").map(({ message }) => message)).toEqual([
      'The periodic task "tasks.add(1, 2)" replaces another unnamed one: give each a name of its own',
    ]);
  });
});

describe("an entry of code that cannot be", () => {
  it("is told of where beat is made", () => {
    const { app, add } = adding();

    expect(() => beat(app, { sum: { task: "tasks.ad", schedule: 30 } })).toThrow('the nearest is "tasks.add"');
    // @ts-expect-error: the slip that is told of
    expect(() => beat(app, { sum: { task: add } })).toThrow('The beat entry "sum" has no schedule');
  });

  it.each<[what: string, slip: (home: ReturnType<typeof adding>) => unknown, words: string]>([
    [
      "two sources give one name",
      ({ app, add }) => app.addPeriodicTask(30, add.s(1, 2), { name: "sum" }),
      '"sum" is given by beat(app, entries) and by app.addPeriodicTask(): rename one',
    ],
    [
      "one name is added twice",
      ({ app, add }) => ["twice", "twice"].map((name) => app.addPeriodicTask(30, add.s(1, 2), { name })),
      '"twice" is given by app.addPeriodicTask() twice: rename one',
    ],
    [
      "a setting names a task that there is not",
      ({ app }) => app.conf.update({ beatSchedule: { other: { task: "tasks.ad", schedule: 30 } } }),
      'the nearest is "tasks.add"',
    ],
    [
      "a schema refuses its arguments",
      ({ app }) => {
        const args = {
          "~standard": {
            version: 1,
            vendor: "test",
            validate: () => ({ issues: [{ message: "too small", path: [0] }] }),
          },
        } as const;
        const strict = app.task({ name: "tasks.strict", args }, (...given: readonly unknown[]) => given.length);
        app.addPeriodicTask(30, strict.s(1), { name: "strict" });
      },
      'args of the beat entry "strict": tasks.strict: args[0]: too small',
    ],
  ])("is told of at the first tick, where %s", async (_what, slip, words) => {
    const home = adding();
    slip(home);
    const site = beat(home.app, { sum: { task: home.add, args: [1, 2], schedule: 30 } });

    await expect(site.tick()).rejects.toThrow(words);
    await expect(site.tick()).rejects.toThrow(words);
  });

  it("is told of once beat has begun: at run time entries are added otherwise", async () => {
    const { app, add } = adding();
    await beat(app, {}).tick();

    expect(() => app.addPeriodicTask(30, add.s(1, 2))).toThrow("Beat has begun without");
  });
});
