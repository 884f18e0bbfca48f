/** Entries of beat: what the compiler knows of their tasks, it holds them to. */

import { chain, group, Umbel } from "umbel";
import { beat, type BeatEntries, type BeatEntry, crontab, type ScheduleForm, schedules, solar } from "umbel/beat";
import { describe, expectTypeOf, it } from "vitest";

const app: Umbel = new Umbel("types");
const add = app.task("types.add", (x: number, y: number) => x + y);
const ping = app.task("types.ping", () => "pong");
const named = app.task({ name: "types.named", params: ["x", "y?"] }, (x: number, y = 1) => x + y);

describe("a periodic task", () => {
  it("is a signature with all its arguments, bound or given", () => {
    expectTypeOf(app.addPeriodicTask(30, add.s(1, 2))).toEqualTypeOf<string>();
    app.addPeriodicTask("5m", ping.s(), { name: "ping", queue: "slow", expires: "1m", catchup: "skip" });
    app.addPeriodicTask({ hours: 1 }, add.s(2), { args: [1] });
    app.addPeriodicTask({ hours: 1 }, add.s(2), { args: () => [1] });
    app.addPeriodicTask(10, chain(add.s(1, 2), add.s(3)));
    app.addPeriodicTask(10, group([add.s(1, 2), ping.s()]));
    app.addPeriodicTask(10, named.s(), { kwargs: { x: 1 } });
    app.addPeriodicTask(10, app.signature("types.add"), { args: [1, 2] });
  });

  it("is refused where it lacks an argument, or has a wrong one", () => {
    // @ts-expect-error: add takes two
    app.addPeriodicTask(10, add.s(1));
    // @ts-expect-error: add takes numbers
    app.addPeriodicTask(10, add.s(1), { args: ["1"] });
    // @ts-expect-error: add takes numbers
    app.addPeriodicTask(10, add.s(1), { args: () => ["1"] });
    // @ts-expect-error: a task is no signature
    app.addPeriodicTask(10, ping);
    // @ts-expect-error: ping takes nothing
    app.addPeriodicTask(10, ping.s(), { args: [1] });
    // @ts-expect-error: there is no such option
    app.addPeriodicTask(10, ping.s(), { que: "slow" });
    // @ts-expect-error: the id is beat's own
    app.addPeriodicTask(10, ping.s(), { taskId: "1" });
    // @ts-expect-error: there is no such policy
    app.addPeriodicTask(10, ping.s(), { catchup: "twice" });
    // @ts-expect-error: a promise is no schedule
    app.addPeriodicTask(Promise.resolve(10), ping.s());
  });
});

describe("an entry of beat", () => {
  it("is a task with its arguments, a signature, a canvas, or the name of a task", () => {
    beat(app, {
      task: { task: add, args: [1, 2], schedule: 30 },
      lazy: { task: add, args: () => [Date.now(), 2], schedule: "5m" },
      named: { task: named, kwargs: { x: 1 }, schedule: "30 7 * * mon" },
      nothing: { task: ping, schedule: { hours: 1, relative: true } },
      signature: { task: add.s(1, 2), schedule: crontab({ minute: 0 }), timezone: "Europe/Oslo" },
      partial: { task: add.s(2), args: [1], schedule: solar("sunset", 59.9, 10.7) },
      canvas: { task: chain(add.s(1, 2), add.s(3)), schedule: 30, overlap: "skip", options: { queue: "slow" } },
      name: { task: "types.add", args: [1, 2], schedule: 30, catchup: { policy: "all", within: "1d", limit: 10 } },
    });
  });

  it("is refused where its arguments do not fit its task", () => {
    // @ts-expect-error: add takes two
    beat(app, { sum: { task: add, schedule: 30 } });
    // @ts-expect-error: add takes two
    beat(app, { sum: { task: add, args: [1], schedule: 30 } });
    // @ts-expect-error: add takes numbers
    beat(app, { sum: { task: add, args: [1, "2"], schedule: 30 } });
    // @ts-expect-error: add takes numbers
    beat(app, { sum: { task: add, args: () => [1, "2"], schedule: 30 } });
    // @ts-expect-error: it lacks its second argument
    beat(app, { sum: { task: add.s(1), schedule: 30 } });
    // @ts-expect-error: ping takes nothing
    beat(app, { ping: { task: ping, args: [1], schedule: 30 } });
  });

  it("is refused where a field cannot be", () => {
    // @ts-expect-error: there is no schedule
    beat(app, { ping: { task: ping } });
    // @ts-expect-error: there is no such policy
    beat(app, { ping: { task: ping, schedule: 30, catchup: "twice" } });
    // @ts-expect-error: a policy is needed
    beat(app, { ping: { task: ping, schedule: 30, catchup: { limit: 1 } } });
    // @ts-expect-error: there is no such rule
    beat(app, { ping: { task: ping, schedule: 30, overlap: "queue" } });
    // @ts-expect-error: an instant is a Date
    beat(app, { ping: { task: ping, schedule: 30, startAt: "2026-01-01" } });
    // @ts-expect-error: the id is beat's own
    beat(app, { ping: { task: ping, schedule: 30, options: { taskId: "1" } } });
    // @ts-expect-error: a number is no task
    beat(app, { ping: { task: 3, schedule: 30 } });
  });

  it("may be written for itself, and in settings", () => {
    const entries = { sum: { task: add.s(1, 2), schedule: 30 } } satisfies BeatEntries;
    beat(app, entries);
    const loose: Readonly<Record<string, BeatEntry>> = entries;
    beat(app, loose);
    app.conf.beatSchedule = entries;
    // @ts-expect-error: there is no such policy
    app.conf.beatSchedule = { ping: { task: "types.ping", schedule: 30, catchup: "twice" } };
  });
});

describe("an entry that is added at run time", () => {
  it("is held to its task as well", async () => {
    const entries = schedules(app);
    await entries.upsert("sum", { task: add, args: [1, 2], schedule: 30 });
    await entries.upsert("ping", { task: "types.ping", schedule: crontab("0 * * * *") });
    // @ts-expect-error: add takes two
    await entries.upsert("sum", { task: add, args: [1], schedule: 30 });
    // @ts-expect-error: there is no schedule
    await entries.upsert("ping", { task: ping });
    // @ts-expect-error: it is catchup
    await entries.upsert("ping", { task: ping, schedule: 30, catchUp: "all" });
    expectTypeOf((await entries.list())[0]?.nextRun).toEqualTypeOf<Date | undefined>();
  });

  it("may have the call and the schedule of another one, as they are shown", async () => {
    const entries = schedules(app);
    const { signature, scheduleForm } = await entries.pause("sum");
    await entries.upsert("copy", { task: signature, schedule: scheduleForm });
    expectTypeOf(scheduleForm).toEqualTypeOf<ScheduleForm | string>();
  });
});
