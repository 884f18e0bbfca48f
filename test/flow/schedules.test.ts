/** Entries that are added, changed and taken away while beat runs. */

import { chain, EntryInCode, EntryNotFound, group, GroupResult, ImproperlyConfigured, Umbel } from "umbel";
import { beat, crontab, ownSchedule, schedules, within } from "umbel/beat";
import { memoryBackend, memoryBroker } from "umbel/memory";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** An application with a task that writes down its argument, a beat with one entry of code, and all entries. */
function shop() {
  const home = world();
  const ran: unknown[] = [];
  const note = home.app.task({ name: "shop.note", params: ["what"] }, (what: string) => {
    ran.push(what);
    return what;
  });
  const site = beat(home.app, { fixed: { task: note, args: ["fixed"], schedule: { minutes: 10 } } });
  return { ...home, ran, note, site, entries: schedules(home.app), run };

  /** Ticks once a minute for so many of them, and runs what is due. */
  async function run(minutes: number): Promise<readonly unknown[]> {
    const before = ran.length;
    for (let minute = 0; minute < minutes; minute += 1) {
      await site.tick();
      await home.clock.advance(60);
      await home.drain();
    }
    return ran.slice(before);
  }
}

describe("an entry that is added at run time", () => {
  it("runs, is shown, and is told apart from those of code", async () => {
    const { entries, run, note } = shop();
    await run(1);

    const added = await entries.upsert("added", { task: note, args: ["added"], schedule: "2m", overlap: "skip" });

    expect(added).toMatchObject({ name: "added", kind: "dynamic", task: "shop.note", count: 0, paused: false });
    expect(await run(5)).toEqual(["added", "added"]);
    expect(await entries.list()).toMatchObject([
      { name: "added", kind: "dynamic", schedule: "every 2 minutes", count: 2, lastTaskId: expect.any(String) },
      { name: "fixed", kind: "code", schedule: "every 10 minutes", count: 0, nextRun: expect.any(Date) },
    ]);
  });

  it("is changed by the same call, and is not when nothing is new", async () => {
    const { entries, run, note } = shop();
    const first = await entries.upsert("added", { task: note, args: ["one"], schedule: 120 });

    const same = await entries.upsert("added", { task: note, args: ["one"], schedule: 120 });
    const other = await entries.upsert("added", { task: note, args: ["two"], schedule: 120 });

    expect(same).toEqual(first);
    expect(other).toMatchObject({ signature: { args: ["two"] } });
    expect(await run(3)).toEqual(["two"]);
  });

  it("stays when a deployment changes the code, even where that wants its name", async () => {
    const { app, entries, run, note, lines } = shop();
    await entries.upsert("added", { task: note, args: ["added"], schedule: 120 });
    await run(1);

    await beat(app, { added: { task: note, args: ["code"], schedule: 120 } }).tick();

    expect(await entries.get("added")).toMatchObject({ kind: "dynamic", signature: { args: ["added"] } });
    expect(await entries.get("fixed")).toMatchObject({ kind: "code", dropped: true });
    expect(lines.map(({ message }) => message).join()).toContain('The entry "added" of the code is not sent');
  });

  it("keeps what it has from the settings when these change, where an entry of code follows them", async () => {
    const backend = memoryBackend();
    const before = zoned("UTC", "10m");
    await schedules(before.app).upsert("added", { task: before.task, schedule: "0 9 * * *" });
    await beat(before.app, { fixed: { task: before.task, schedule: "0 9 * * *" } }).tick();
    const after = zoned("Asia/Tokyo", "1h");
    const entries = schedules(after.app);
    await beat(after.app, { fixed: { task: after.task, schedule: "0 9 * * *" } }).tick();

    expect(await entries.list()).toMatchObject([
      { name: "added", timezone: "UTC", catchup: { within: 600 } },
      { name: "fixed", timezone: "Asia/Tokyo", catchup: { within: 3600 } },
    ]);
    expect(await entries.upsert("added", { task: after.task, schedule: "0 9 * * *" })).toMatchObject({
      timezone: "Asia/Tokyo",
      catchup: { within: 3600 },
    });

    function zoned(timezone: string, beatCronStartingDeadline: string) {
      const app = new Umbel("tasks", { broker: memoryBroker(), backend, timezone, beatCronStartingDeadline });
      return { app, task: app.task("tasks.report", () => "done") };
    }
  });

  it("has ended once its last run was, or where it ends before it begins", async () => {
    const { entries, now, note, run, ran } = shop();
    const endAt = new Date(now() + 150_000);
    const started = await entries.upsert("short", { task: note, args: ["short"], schedule: 60, endAt });
    const never = await entries.upsert("never", { task: note, args: ["never"], schedule: 60, endAt: new Date(now()) });

    await run(4);

    expect([started.ended, never.ended]).toEqual([false, true]);
    expect(await entries.get("short")).toMatchObject({ ended: true, enabled: true, count: 2 });
    expect(ran).toEqual(["short", "short"]);
  });

  it("may be a copy of what is shown of another one", async () => {
    const { entries, note } = shop();
    const schedule = within(crontab("0 7 * * mon"), { endAt: new Date("2030-01-01T00:00:00Z") });
    const { signature, scheduleForm, ...shown } = await entries.upsert("one", { task: note, args: ["x"], schedule });

    const copy = await entries.upsert("copy", { task: signature, schedule: scheduleForm });

    expect(copy).toEqual({ ...shown, name: "copy", signature, scheduleForm });
  });

  it("may be a canvas, and gives what sending it gives", async () => {
    const { entries, finish, note, ran } = shop();
    await entries.upsert("both", { task: group([note.s("a"), chain(note.s("b"), note.s())]), schedule: "1d" });

    const result = await entries.trigger("both");
    await finish();

    expect(result).toBeInstanceOf(GroupResult);
    expect(ran.map(String).toSorted()).toEqual(["a", "b", "b"]);
  });

  it("is there no more once it is removed, and may be added again", async () => {
    const { entries, run, note } = shop();
    await entries.upsert("added", { task: note, args: ["old"], schedule: 60 });
    await run(1);

    expect(await entries.remove("added")).toBe(true);
    expect(await entries.remove("added")).toBe(false);
    expect(await entries.get("added")).toBeUndefined();
    expect((await entries.list()).map(({ name }) => name)).toEqual(["fixed"]);
    await entries.upsert("added", { task: note, args: ["new"], schedule: 60 });
    expect(await run(2)).toEqual(["new", "new"]);
  });

  it("does not go on where no code has it any more: to resume it is refused, with a way out", async () => {
    const { app, entries, run } = shop();
    await run(1);
    await entries.pause("fixed");
    await beat(app, {}).tick();

    await expect(entries.resume("fixed")).rejects.toThrow(
      /"fixed" was declared in code and is there no more, .*upsert/,
    );
    expect(await entries.get("fixed")).toMatchObject({ paused: true, dropped: true });
  });

  it("takes the place of one that no code has any more", async () => {
    const { app, entries, run, note } = shop();
    await run(1);
    await beat(app, {}).tick();

    const taken = await entries.upsert("fixed", { task: note, args: ["mine"], schedule: 60 });

    expect(taken).toMatchObject({ kind: "dynamic", dropped: false, signature: { args: ["mine"] } });
  });

  it("makes up for nothing that was not sent while no code had it", async () => {
    const { app, entries, run, note, advance, now } = shop();
    await run(1);
    const bare = beat(app, {});
    await bare.tick();
    await advance(86_400);

    await entries.upsert("fixed", { task: note, args: ["mine"], schedule: { minutes: 10 } });

    const { sent } = await bare.tick();
    expect(sent.filter(({ slot }) => Date.parse(slot) <= now())).toEqual([]);
  });
});

describe("an entry of code", () => {
  it("is paused, resumed, triggered, and edited only in code", async () => {
    const { entries, run, note } = shop();
    await run(1);

    expect(await entries.pause("fixed")).toMatchObject({ paused: true });
    expect(await run(12)).toEqual([]);
    expect(await entries.resume("fixed")).toMatchObject({ paused: false });
    await entries.trigger("fixed");
    expect(await run(12)).toEqual(["fixed", "fixed"]);
    await expect(entries.upsert("fixed", { task: note, args: ["x"], schedule: 60 })).rejects.toThrow(EntryInCode);
    await expect(entries.remove("fixed")).rejects.toThrow('The entry "fixed" is declared in code');
  });

  it("keeps its name from the first tick on, and before it where its code is known", async () => {
    const { app, site, note } = shop();
    await site.begin();

    const adding = schedules(app).upsert("fixed", { task: note, args: ["x"], schedule: 60 });

    await expect(adding).rejects.toThrow(EntryInCode);
  });

  it("is edited from no other process of the application, and is triggered there as it is kept", async () => {
    const { broker, backend, site, finish, ran } = shop();
    await site.tick();
    const elsewhere = new Umbel("tasks", { broker, backend, log: () => undefined });
    const note = elsewhere.task("shop.note", (what: string) => what);
    const entries = schedules(elsewhere);

    await expect(entries.upsert("fixed", { task: note, args: ["x"], schedule: 60 })).rejects.toThrow(EntryInCode);
    await expect(entries.remove("fixed")).rejects.toThrow(EntryInCode);
    await entries.trigger("fixed");
    await finish();

    expect(ran).toEqual(["fixed"]);
  });

  it("whose arguments or schedule only code can make is shown everywhere, and triggered where that code is", async () => {
    const { app, note, ran, finish } = shop();
    const everyTen = ownSchedule({
      next: (after) => new Date(after.getTime() + 600_000),
      toString: () => "now and then",
    });
    await beat(app, { lazy: { task: note, args: () => ["made"], schedule: everyTen } }).tick();

    const entry = await schedules(app).get("lazy");
    await schedules(app).trigger("lazy");
    await finish();

    expect(entry).toMatchObject({ schedule: "now and then", nextRun: expect.any(Date) });
    expect(ran).toEqual(["made"]);
  });
});

describe("a trigger", () => {
  it("is no run of the schedule: it counts for nothing, and moves nothing", async () => {
    const { entries, note, finish, ran } = shop();
    const before = await entries.upsert("added", { task: note, args: ["now"], schedule: crontab("0 0 1 1 *") });
    await entries.pause("added");

    const result = await entries.trigger("added");
    await finish();

    expect(ran).toEqual(["now"]);
    expect(await result.get()).toBe("now");
    expect(await entries.resume("added")).toEqual(before);
  });
});

describe("a backfill", () => {
  it("sends the runs of a stretch under their own ids: what ran then does not run again", async () => {
    const { entries, note, run, finish, ran } = shop();
    await entries.upsert("added", { task: note, args: ["slot"], schedule: 60 });
    expect(await run(4)).toHaveLength(4);
    await entries.pause("added");
    await run(3);
    await entries.resume("added");
    const range = { from: new Date("2026-01-01T00:01:00Z"), to: new Date("2026-01-01T00:06:59Z") };

    const counted = await entries.backfill("added", { ...range, dryRun: true });
    const done = await entries.backfill("added", range);
    await finish();

    expect(counted).toMatchObject({ sent: 0, dryRun: true });
    expect(done.runs).toEqual(counted.runs);
    expect(done).toMatchObject({ sent: 6, dryRun: false });
    expect(ran).toHaveLength(6);
  });
});

describe("the next runs of an entry", () => {
  it("are told by its zone, as many as are asked for, and no more than there are", async () => {
    const { entries, note } = shop();
    const endAt = new Date("2026-01-02T20:00:00Z");
    const nine = { task: note, args: ["nine"], schedule: "0 9 * * *", timezone: "Asia/Tokyo", endAt } as const;
    await entries.upsert("nine", nine);

    expect(await entries.next("nine", 1)).toEqual([new Date("2026-01-02T00:00:00Z")]);
    expect(await entries.next("nine")).toHaveLength(1);
    await expect(entries.next("nine", 0)).rejects.toThrow("give a whole number from 1 to 1000");
  });
});

describe("what cannot be", () => {
  it("is refused before anything is kept", async () => {
    const { app, entries, note } = shop();
    const own = ownSchedule({ next: (after) => after, toString: () => "my own" });
    // What the task's schema refuses is found although it is looked at only where a call is sent.
    const strict = app.task(
      { name: "shop.strict", args: schemaOf("too dear") },
      (...given: readonly unknown[]) => given,
    );

    const refused = [
      entries.upsert("new", { task: note, args: () => ["x"], schedule: 60 }),
      entries.upsert("new", { task: note, args: ["x"], schedule: own }),
      entries.upsert("new", { task: strict.s(1), schedule: 60 }),
      entries.upsert("new", { task: "umbel.revoke", args: [["id"]], schedule: 60 }),
    ];
    const reasons = await Promise.all(refused.map(async (each) => await each.catch((error: unknown) => error)));

    expect(reasons.every((each) => each instanceof ImproperlyConfigured)).toBe(true);
    expect(reasons.map(String).join("\n")).toMatch(/is a function.*\n.*my own.*\n.*too dear.*\n.*"umbel.revoke"/);
    expect(await entries.list()).toEqual([]);
  });

  it.each(["pause", "resume", "trigger", "next"] as const)("is to %s what is not there", async (what) => {
    const { entries } = shop();

    await expect(entries[what]("none")).rejects.toThrow(EntryNotFound);
    await expect(entries[what]("none")).rejects.toThrow('The application "tasks" has no entry "none"');
    await expect(entries[what]("no\nne")).rejects.toThrow(String.raw`has no entry "no\u000ane"`);
  });
});

/** A schema that refuses everything, with this reason. */
function schemaOf(message: string) {
  return {
    "~standard": { version: 1, vendor: "test", validate: () => ({ issues: [{ message, path: [0] }] }) },
  } as const;
}
