import { chain, group, type PeriodicEntry, signature, Umbel } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { keptEntry, readEntry } from "../src/read-entry.ts";
import { textOfSpec } from "../src/record.ts";
import { crontab } from "../src/schedules/index.ts";

const app = new Umbel("shop", { timezone: "Europe/Oslo" });
const add = app.task("shop.add", (x: number, y: number) => x + y);
const sum = app.task("shop.sum", (numbers: readonly number[]) => numbers.length);
const named = app.task({ name: "shop.named", params: ["x", "y?"] }, (x: number, y = 1) => x + y);

/** An entry that adds each half minute, but for some fields. */
function read(fields: Partial<Record<keyof PeriodicEntry, unknown>> = {}, name = "adding") {
  return readEntry(app, name, Object.assign({}, half, fields));
}

const half: PeriodicEntry = { task: add.s(1, 2), schedule: 30 };

describe("an entry", () => {
  it("has everything that it does not say from the application, and from what is usual", () => {
    expect(read().spec).toMatchObject({
      task: { task: "shop.add", args: [1, 2], kwargs: {}, options: {} },
      schedule: { type: "interval", every: 30 },
      timezone: "Europe/Oslo",
      catchup: { policy: "once", limit: 100 },
      overlap: "allow",
      jitter: 0,
      enabled: true,
    });
    expect(read().spec).not.toHaveProperty("startAt");
  });

  it("says all of it itself, if it likes", () => {
    const startAt = new Date("2026-01-01T00:00:00Z");
    const endAt = new Date("2026-02-01T00:00:00Z");
    const rules = { timezone: "UTC", overlap: "cancel", startAt, endAt, jitter: "1m", enabled: false } as const;
    const catchup = { policy: "all", within: "1h", limit: 5 } as const;

    expect(read({ ...rules, catchup, options: { queue: "slow", expires: "1h" } }).spec).toMatchObject({
      task: { options: { queue: "slow", expires: 3600 } },
      ...rules,
      startAt: startAt.getTime(),
      endAt: endAt.getTime(),
      jitter: 60,
      catchup: { policy: "all", within: 3600, limit: 5 },
    });
  });

  it.each<[what: string, fields: Partial<PeriodicEntry>, seconds: number]>([
    ["its jitter, each second", { schedule: 1, jitter: "3h" }, 10_800],
    ["its countdown, each second", { schedule: 1, options: { countdown: 604_800 } }, 604_800],
    ["both, each minute", { schedule: crontab(), jitter: "1d", options: { countdown: 604_800 } }, 691_200],
  ])("is refused where more than ten thousand of its runs could wait for %s", (_, fields, seconds) => {
    const sentence =
      `Of the beat entry "adding" more than 10000 runs could wait at once, for up to ${seconds} seconds of jitter and countdown: ` +
      "have it run less often, or wait less";

    expect(() => read(fields)).toThrow(new ImproperlyConfigured(sentence));
  });

  it.each<Partial<PeriodicEntry>>([
    { schedule: 1, jitter: 9999 },
    { schedule: 3600, options: { countdown: 30 * 86_400 } },
    { schedule: crontab(), options: { countdown: 6 * 86_400 } },
    { schedule: 1, jitter: "1d", startAt: new Date("2026-01-01T00:00:00Z"), endAt: new Date("2026-01-01T02:00:00Z") },
  ])("may have thousands that wait: %j", (fields) => {
    expect(() => read(fields)).not.toThrow();
  });

  it("takes how old a missed run may be from the setting, where it says nothing", () => {
    const strict = new Umbel("strict", { beatCronStartingDeadline: "10m" });
    const task = strict.task("strict.task", () => null);

    expect(readEntry(strict, "a", { task, schedule: 30 }).catchup).toEqual({ policy: "once", within: 600, limit: 100 });
    expect(readEntry(strict, "a", { task, schedule: 30, catchup: { policy: "all", within: 5 } }).catchup.within).toBe(
      5,
    );
  });

  it.each<[what: string, fields: Partial<PeriodicEntry>, called: object]>([
    ["a task with its arguments", { task: add, args: [1, 2] }, { args: [1, 2], kwargs: {} }],
    ["a task's name with its arguments", { task: "shop.add", args: [1, 2] }, { args: [1, 2], kwargs: {} }],
    [
      "a signature whose further arguments come first, as in Celery",
      { task: add.s(2), args: [1] },
      { args: [1, 2], kwargs: {} },
    ],
    ["a signature in Celery's form", { task: add.s(1, 2).wire }, { args: [1, 2], kwargs: {} }],
    ["a task with named arguments", { task: named, kwargs: { x: 1 } }, { args: [], kwargs: { x: 1 } }],
  ])("calls %s", (_what, fields, called) => {
    expect(read(fields).call().wire).toMatchObject(called);
  });

  it("has its lazy arguments made anew each time, and never before", () => {
    let made = 0;
    const entry = read({ task: add, args: () => [(made += 1), 2] });

    expect(made).toBe(0);
    expect([entry.call().wire.args, entry.call().wire.args]).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(entry.spec).toMatchObject({ lazy: true, task: { args: [] } });
  });

  it("is the same once it was kept and read again", () => {
    const entry = read({ schedule: crontab("30 7 * * mon"), task: chain(add.s(1, 2), add.s(3)), startAt: new Date(0) });

    const again = keptEntry(app, "adding", JSON.parse(textOfSpec(entry.spec)));

    expect(again.call().wire).toEqual(entry.call().wire);
    expect(again.schedule.toString()).toBe("crontab(30 7 * * mon)");
    expect(textOfSpec(again.spec)).toBe(textOfSpec(entry.spec));
    expect(again).toMatchObject({ startAt: 0, timezone: "Europe/Oslo" });
  });

  it("whose arguments only code can make is not called as it is kept", () => {
    const { spec } = read({ task: add, args: () => [1, 2] });

    expect(() => keptEntry(app, "adding", spec).call()).toThrow("are made by a function");
  });
});

describe("an entry is refused", () => {
  it.each<[what: string, fields: Partial<Record<keyof PeriodicEntry | "shedule", unknown>>, words: string]>([
    ["without a schedule", { schedule: undefined }, 'The beat entry "adding" has no schedule'],
    ["without a task", { task: undefined }, 'The beat entry "adding" has no task'],
    [
      "with a misspelt field",
      { shedule: 30 },
      'no field "shedule" of the beat entry "adding"; the nearest name is "schedule"',
    ],
    ["with a number as its task", { task: 3 }, 'task of the beat entry "adding": It is 3'],
    ["with a plain function as its task", { task: () => 3 }, "a function, and no task"],
    ["with a task that nobody knows", { task: "shop.ad" }, 'no task named "shop.ad" here: the nearest is "shop.add"'],
    ["with a task that is like none", { task: "mail.send" }, "declare it, with any body where it runs elsewhere"],
    ["with such a task in a canvas", { task: chain(add.s(1, 2), app.signature("shop.bad")) }, '"shop.bad"'],
    ["with such a task linked", { task: add.s(1, 2).link(app.signature("shop.bad")) }, '"shop.bad"'],
    [
      "with such a task mapped",
      { task: signature(app, { task: "celery.map", kwargs: { task: { task: "shop.bad" }, it: [] } }) },
      '"shop.bad"',
    ],
    ["with too few arguments", { task: named.s() }, 'args of the beat entry "adding": shop.named() missing 1'],
    ["with too many arguments", { task: add.s(1, 2), args: [3] }, "takes 2 positional arguments but 3 were given"],
    ["with a name that its task does not know", { task: named, kwargs: { x: 1, z: 2 } }, "'z'"],
    ["with what JSON cannot carry", { task: sum, args: [1n] }, 'args of the beat entry "adding": '],
    ["with arguments for an immutable signature", { task: add.si(1, 2), args: [3] }, "immutable"],
    ["with arguments that are no list", { args: "12" }, 'args of the beat entry "adding" is "12": give a list'],
    ["with named arguments in a list", { kwargs: [1] }, 'kwargs of the beat entry "adding" is [1]: give a record'],
    ["with an option that there is not", { options: { que: "slow" } }, 'the nearest name is "queue"'],
    ["with an option's bad value", { options: { priority: 11 } }, "priority is 11: give a whole number from 0 to 9"],
    ["with an id", { options: { taskId: "1" } }, 'options of the beat entry "adding" has taskId'],
    ["with an instant", { options: { eta: new Date() } }, "has eta: the schedule says when"],
    ["with an id in its signature", { task: add.s(1, 2).set({ taskId: "1" }) }, "shop.add has a task id"],
    [
      "with an instant in its canvas",
      { task: chain(add.s(1, 2).set({ eta: new Date() }), add.s(3)) },
      "shop.add has an eta",
    ],
    ["with a zone that there is not", { timezone: "Europe/Olso" }, "Europe/Oslo"],
    ["with a zone that is no text", { timezone: 3 }, 'timezone of the beat entry "adding" is 3'],
    ["with a policy that there is not", { catchup: "twice" }, 'catchup of the beat entry "adding" is "twice"'],
    [
      "with bounds and no policy",
      { catchup: { limit: 1 } },
      'policy of catchup of the beat entry "adding" is undefined',
    ],
    ["with a bound that there is not", { catchup: { policy: "all", most: 1 } }, '"most"'],
    ["with a limit of nothing", { catchup: { policy: "all", limit: 0 } }, "limit of catchup"],
    ["with a limit of everything", { catchup: { policy: "all", limit: 1e9 } }, "give a whole number from 1 to 10000"],
    ["with an overlap that there is not", { overlap: "queue" }, 'is "queue": give "allow", "skip" or "cancel"'],
    [
      "with a start that is a text",
      { startAt: "2026-01-01" },
      'startAt of the beat entry "adding" is "2026-01-01": give a Date',
    ],
    ["with no date as its end", { endAt: new Date(Number.NaN) }, "endAt"],
    ["with an end before its start", { startAt: new Date(1000), endAt: new Date(0) }, "it would never run"],
    ["with a negative jitter", { jitter: -1 }, 'jitter of the beat entry "adding" is -1'],
    ["with a jitter of weeks", { jitter: "14d" }, "give seconds from 0 on, a day at most"],
    [
      "where whether it is enabled is a text",
      { enabled: "yes" },
      'enabled of the beat entry "adding" is "yes": give true or false',
    ],
    [
      "with an interval of nothing",
      { schedule: 0 },
      'schedule of the beat entry "adding": The interval 0 is under a second',
    ],
    ["with a negative interval", { schedule: { minutes: -5 } }, 'schedule of the beat entry "adding"'],
    ["with a day that never comes", { schedule: "0 0 31 2 *" }, 'schedule of the beat entry "adding"'],
    ["with the fields of a crontab as an interval", { schedule: { minute: 5 } }, "write crontab("],
  ])("%s", (_what, fields, words) => {
    expect(() => read(fields)).toThrow(ImproperlyConfigured);
    expect(() => read(fields)).toThrow(words);
  });

  it.each(["", "two\nlines", "x".repeat(501), "\u2028", "..", "\uD800"])("with the name %j", (name) => {
    expect(() => read({}, name)).toThrow("give one line of 1 to 500 characters");
  });

  it("where it is no record", () => {
    // @ts-expect-error: the slip that is told of
    expect(() => readEntry(app, "adding", add.s(1, 2))).toThrow("give { task, schedule }");
  });

  it.each([group([add.s(1, 2), add.s(3, 4)]), sum.map([[1]]), sum.s([1])])("for nothing else: %s", (task) => {
    expect(read({ task }).call().wire).toEqual(task.wire);
  });
});
