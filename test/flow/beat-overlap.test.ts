/** A run that is due while the one before it has not ended. */

import { chain, chord, group } from "umbel";
import { type BeatEntry, beat, crontab, schedules } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { world } from "./world.ts";

const start = Date.parse("2026-01-01T00:00:00Z");

/** An entry that runs each minute, until it is let go; `options` say more of its task. */
function long(rules: Partial<BeatEntry>, options: { readonly ignoreResult?: boolean } = {}) {
  const home = world({ time: { start } });
  const runs: string[] = [];
  const ends: (() => void)[] = [];
  const work = home.app.task({ name: "tasks.work", ...options }, async () => {
    runs.push(new Date(home.now()).toISOString().slice(11, 16));
    await new Promise<void>((resolve) => void ends.push(resolve));
  });
  const schedule = beat(home.app, { work: { task: work.s(), schedule: crontab(), ...rules } });
  const begun = async (count: number) => await until(() => runs.length === count);
  return { ...home, runs, ends, schedule, begun };
}

describe("overlap", () => {
  it("skip: nothing is sent ahead, and nothing at all while the last run has not ended; then it goes on", async () => {
    const { schedule, advance, clock, runs, ends, begun, app, lines } = long({ overlap: "skip" });
    const heard: string[] = [];
    app.signals.beatDue.connect(({ outcome, slot }) => heard.push(`${outcome} ${slot.slice(11, 16)}`));
    const first = await schedule.tick();
    await clock.advance(60);
    await schedule.tick();
    const moved = advance(1);
    await begun(1);
    await clock.advance(60);

    const second = await schedule.tick();
    ends[0]?.();
    await moved;
    await clock.advance(60);
    const third = await schedule.tick();

    expect([first.sent, second.sent]).toEqual([[], []]);
    expect(second.skipped.map(({ slot }) => slot)).toEqual(["2026-01-01T00:02:00.000Z"]);
    expect(third.sent.map(({ slot }) => slot)).toEqual(["2026-01-01T00:03:00.000Z"]);
    expect(heard).toEqual(["sent 00:01", "skipped 00:02", "sent 00:03"]);
    expect(lines.filter(({ message }) => message.includes("Skipping"))).toMatchObject([
      {
        level: "INFO",
        message: expect.stringContaining("work (tasks.work) for 2026-01-01T00:02:00.000Z: the run before"),
      },
    ]);
    expect(runs).toHaveLength(1);
  });

  it("skip: a run that has not begun counts as not ended, until its result would have expired", async () => {
    const { schedule, clock } = long({ overlap: "skip" });
    await schedule.tick();
    await clock.advance(60);
    await schedule.tick();
    await clock.advance(3600);
    const before = await schedule.tick();
    await clock.advance(86_400);

    const after = await schedule.tick();

    expect([before.sent.length, after.sent.length]).toEqual([0, 1]);
  });

  it("skip: the end is known of a task whose results nobody keeps", async () => {
    const { schedule, advance, clock, ends, begun } = long({ overlap: "skip" }, { ignoreResult: true });
    await schedule.tick();
    await clock.advance(60);
    await schedule.tick();
    const moved = advance(1);
    await begun(1);
    ends[0]?.();
    await moved;
    await clock.advance(59);

    expect((await schedule.tick()).sent).toHaveLength(1);
  });

  it.each(["chain", "group", "chord"] as const)("skip: the end is known of a %s of such tasks", async (kind) => {
    const home = world({ time: { start } });
    const member = home.app.task("tasks.member", () => null);
    const ignored = home.app.task({ name: "tasks.ignored", ignoreResult: true }, () => null);
    const canvases = {
      chain: chain(ignored.si(), ignored.si()),
      group: group([ignored.si(), ignored.si()]),
      chord: chord([member.si(), member.si()], ignored.si()),
    };
    const schedule = beat(home.app, { a: { task: canvases[kind], schedule: crontab(), overlap: "skip" } });
    await schedule.tick();
    const sent: number[] = [];

    for (let minute = 0; minute < 3; minute += 1) {
      await home.advance(60);
      sent.push((await schedule.tick()).sent.length);
      await home.drain();
    }

    expect(sent).toEqual([1, 1, 1]);
  });

  it("skip: the end is known of a task whose results are gone before the next run is due", async () => {
    const home = world({ time: { start } });
    const noop = home.app.task({ name: "tasks.noop", resultExpires: 20 }, () => null);
    const schedule = beat(home.app, { noop: { task: noop, schedule: crontab(), overlap: "skip" } });
    await schedule.tick();
    const sent: number[] = [];

    for (let minute = 0; minute < 3; minute += 1) {
      await home.advance(60);
      sent.push((await schedule.tick()).sent.length);
    }

    expect(sent).toEqual([1, 1, 1]);
  });

  it("skip: a run that has ended is no hindrance where the entry has become a canvas", async () => {
    const home = world({ time: { start } });
    const noop = home.app.task("tasks.noop", () => null);
    const api = schedules(home.app, { store: home.backend.schedules });
    const rules = { schedule: crontab(), overlap: "skip" } as const;
    const schedule = beat(home.app, {});
    await api.upsert("a", { task: noop, ...rules });
    await schedule.tick();
    await home.advance(60);
    await schedule.tick();
    await home.drain();

    await api.upsert("a", { task: group([noop.si(), noop.si()]), ...rules });
    await schedule.tick();
    await home.advance(60);

    expect((await schedule.tick()).sent).toHaveLength(1);
  });

  it("skip: a run that was sent ahead and taken back by the edit is no hindrance", async () => {
    const home = world({ time: { start } });
    const noop = home.app.task("tasks.noop", () => null);
    const api = schedules(home.app, { store: home.backend.schedules });
    const schedule = beat(home.app, {}, { horizon: 300 });
    await api.upsert("a", { task: noop, schedule: crontab() });
    await schedule.tick();
    await home.advance(90);

    await api.upsert("a", { task: noop, schedule: crontab(), overlap: "skip" });
    await home.advance(30);

    expect((await schedule.tick()).sent).toMatchObject([{ slot: "2026-01-01T00:02:00.000Z" }]);
  });

  it("skip: a run that was missed for longer than results are kept is minded from when it was sent", async () => {
    const { schedule, clock } = long({ overlap: "skip", catchup: { policy: "all", limit: 5000 } });
    await schedule.tick();
    await clock.advance(3 * 86_400);
    const first = await schedule.tick();
    await clock.advance(60);

    const second = await schedule.tick();

    expect([first.sent.length, second.sent.length, second.skipped.length]).toEqual([1, 0, 1]);
  });

  it("cancel: the run that has not ended is told to, and the next one is sent", async () => {
    const home = world({ time: { start } });
    const runs: string[] = [];
    const work = home.app.task({ name: "tasks.work", bind: true }, async (task) => {
      const minute = new Date(home.now()).toISOString().slice(11, 16);
      runs.push(`${minute} begins`);
      await home.clock.sleep(600, task.signal).catch(() => runs.push(`${minute} is told to end`));
    });
    const schedule = beat(home.app, { work: { task: work.s(), schedule: crontab(), overlap: "cancel" } });
    await schedule.tick();
    await home.clock.advance(60);
    await schedule.tick();
    await home.advance(60);

    const { sent } = await schedule.tick();
    await home.advance(60);

    expect(sent.map(({ slot }) => slot)).toEqual(["2026-01-01T00:02:00.000Z"]);
    expect(runs.toSorted()).toEqual(["00:01 begins", "00:01 is told to end", "00:02 begins"]);
  });

  it("skip: what one beat sends while another finds that it is too early is minded from then on", async () => {
    const { schedule, advance, clock, ends, begun, ports } = long({ overlap: "skip" });
    const held = () => {
      const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      ports.before("change", async () => {
        reached.resolve();
        await gate.promise;
      });
      return { reached: reached.promise, letGo: gate.resolve };
    };
    await schedule.tick();
    await clock.advance(60);
    await schedule.tick();
    const moved = advance(1);
    await begun(1);
    await clock.advance(60);
    const early = held();
    const skipping = schedule.tick();
    await early.reached;
    ends[0]?.();
    await moved;
    await clock.advance(5);
    const late = held();
    const sending = schedule.tick();
    await late.reached;
    early.letGo();
    const first = await skipping;
    late.letGo();
    const second = await sending;
    const movedOn = advance(1);
    await begun(2);
    await clock.advance(60);

    const third = await schedule.tick();
    ends[1]?.();
    await movedOn;

    expect([first.skipped.length, second.sent.length]).toEqual([1, 1]);
    expect([third.sent.length, third.skipped.length]).toEqual([0, 1]);
  });

  it("of several slots that are due at once sends the first by skip, the last by cancel", async () => {
    const missed = { catchup: "all" as const };
    const skip = long({ overlap: "skip", ...missed });
    const cancel = long({ overlap: "cancel", ...missed });
    const slots = [];
    for (const { schedule, clock } of [skip, cancel]) {
      await schedule.tick();
      await clock.advance(300);
      const { sent, skipped } = await schedule.tick();
      slots.push([sent.map(({ slot }) => slot.slice(11, 16)), skipped.length]);
    }

    expect(slots).toEqual([
      [["00:01"], 4],
      [["00:05"], 4],
    ]);
  });

  it("asks once for all entries, and of a group for all members", async () => {
    const home = world({ time: { start } });
    const noop = home.app.task("tasks.noop", () => null);
    const task = group([noop.s(), noop.s()]);
    const entry = { task, schedule: crontab(), overlap: "skip" as const };
    const schedule = beat(home.app, { a: entry, b: entry, c: entry });
    await schedule.tick();
    await home.clock.advance(60);
    await schedule.tick();
    await home.drain();
    await home.clock.advance(60);
    home.ports.calls.length = 0;

    const { sent, skipped } = await schedule.tick();

    expect([sent.length, skipped.length]).toEqual([3, 0]);
    expect(home.ports.calls).toEqual(["due", "read", "publish", "change"]);
  });
});
