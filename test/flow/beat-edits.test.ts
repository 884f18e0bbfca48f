/** Entries that are edited while beats tick: what was sent ahead by the old rules never runs, and no slot is lost or doubled. */

import { BackendUnavailable, chain, chord, group, Umbel } from "umbel";
import { beat, crontab, ownSchedule, schedules } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const start = Date.parse("2026-01-01T00:00:00Z");

/** Writes down the label of each run and its minute. */
function noting() {
  const home = world({ time: { start } });
  const runs: string[] = [];
  const minute = () => new Date(home.now()).toISOString().slice(11, 19);
  const note = home.app.task("tasks.note", (label: string) => void runs.push(`${label} ${minute()}`));
  const [first, second] = [beat(home.app, {}), beat(home.app, {})];
  const entry = (label: string) => ({ task: note, args: [label] as const, schedule: crontab() });
  return { ...home, runs, note, entry, first, second, api: schedules(home.app, { store: home.backend.schedules }) };
}

/** Holds the next publish call up until it is let go. */
function heldPublish(home: ReturnType<typeof noting>) {
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  home.ports.before("publish", async () => {
    reached.resolve();
    await gate.promise;
  });
  return { reached: reached.promise, letGo: gate.resolve };
}

describe("what was sent ahead", () => {
  it("does not run once the entry is paused, and goes on when it is resumed: nothing is made up for", async () => {
    const { api, entry, first, advance, runs } = noting();
    await api.upsert("a", entry("a"));
    await first.tick();
    await advance(30);

    await api.pause("a");
    await advance(150);
    await first.tick();
    await api.resume("a");
    await first.tick();
    await advance(60);

    expect(runs).toEqual(["a 00:04:00"]);
  });

  it("does not run once the entry is removed", async () => {
    const { api, entry, first, advance, runs } = noting();
    await api.upsert("a", entry("a"));
    await first.tick();

    await api.remove("a");
    await advance(180);

    expect(runs).toEqual([]);
    expect(await api.list()).toEqual([]);
  });

  it.each<[what: string, rules: object]>([
    ["its jitter", { jitter: "30m" }],
    ["its countdown", { options: { countdown: 600 } }],
  ])("does not run once the entry is paused while the run waits for %s", async (_, rules) => {
    const { api, entry, first, advance, runs } = noting();
    await api.upsert("a", { ...entry("a"), schedule: crontab({ minute: 1 }), ...rules });
    await first.tick();
    await advance(61);
    await first.tick();

    await api.pause("a");
    await advance(3600);

    expect(runs).toEqual([]);
  });

  it("does not run once the entry is paused while the first step of its chain waits for its countdown", async () => {
    const { api, note, first, advance, runs } = noting();
    const task = chain(note.si("first").set({ countdown: 600 }), note.si("second"));
    await api.upsert("a", { task, schedule: crontab({ minute: 1 }) });
    await first.tick();
    await advance(61);

    await api.pause("a");
    await advance(3600);

    expect(runs).toEqual([]);
  });

  it("is taken back in parts where much is: no request gets too large", async () => {
    const { app, api, entry, advance } = noting();
    await api.upsert("a", { ...entry("a"), schedule: 1, jitter: "1h" });
    await advance(3600);
    const revoke = app.backend.revoke.bind(app.backend);
    const sizes: number[] = [];
    app.backend.revoke = async (request) => {
      sizes.push(request.ids.length);
      await revoke(request);
    };

    await api.pause("a");

    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
    expect(sizes.reduce((sum, size) => sum + size)).toBeGreaterThan(1500);
  });

  it("runs when its jitter is over although the entry is edited meanwhile, and not by the new rules again", async () => {
    const { api, entry, first, advance, runs } = noting();
    const rules = { schedule: crontab({ minute: 1 }), jitter: "30m" } as const;
    await api.upsert("a", { ...entry("old"), ...rules });
    await first.tick();
    await advance(61);

    await api.upsert("a", { ...entry("new"), ...rules });
    await first.tick();
    await advance(3000);

    expect(runs.map((run) => run.slice(0, 3))).toEqual(["old"]);
  });

  it("runs by the new rules once the entry is edited, each slot once", async () => {
    const { api, entry, first, advance, runs } = noting();
    await api.upsert("a", entry("old"));
    await first.tick();
    await advance(70);
    await first.tick();

    await api.upsert("a", entry("new"));
    await first.tick();
    await advance(120);

    expect(runs).toEqual(["old 00:01:00", "new 00:02:00"]);
  });

  it("runs as it was when it begins within two seconds, and not by the new rules again", async () => {
    const { api, entry, first, advance, runs } = noting();
    await api.upsert("a", entry("old"));
    await first.tick();
    await advance(59);

    await api.upsert("a", entry("new"));
    await first.tick();
    await advance(90);

    expect(runs).toEqual(["old 00:01:00", "new 00:02:00"]);
  });

  it("does not run although a beat that has read the old rules sends it after the edit", async () => {
    const home = noting();
    const { api, entry, first, second, advance, runs } = home;
    await api.upsert("a", entry("old"));
    const held = heldPublish(home);
    const ticking = first.tick();
    await held.reached;

    await api.upsert("a", entry("new"));
    await second.tick();
    held.letGo();
    await ticking;
    await advance(90);

    expect(runs).toEqual(["new 00:01:00"]);
  });

  it.each(["pause", "remove"] as const)("does not run although such a beat sends it after %s", async (edit) => {
    const home = noting();
    const { api, entry, first, second, advance, runs } = home;
    await api.upsert("a", entry("a"));
    const held = heldPublish(home);
    const ticking = first.tick();
    await held.reached;

    await api[edit]("a");
    held.letGo();
    await ticking;
    await second.tick();
    await advance(300);

    expect(runs).toEqual([]);
  });

  it("does not run when it is a canvas: no part of it", async () => {
    const { api, app, first, advance, runs, note } = noting();
    const total = app.task("tasks.total", (parts: readonly unknown[]) => void runs.push(`total ${parts.length}`));
    await api.upsert("chord", { task: chord([note.s("x"), note.s("y")], total.s()), schedule: crontab() });
    await api.upsert("group", { task: group([note.s("x"), note.s("y")]), schedule: crontab() });
    await first.tick();

    await api.pause("chord");
    await api.remove("group");
    await advance(180);

    expect(runs).toEqual([]);
  });

  it("does not run when only the code knows its schedule: not where that is, nor after the next tick where it is not", async () => {
    const { app, api, broker, backend, advance, runs, note } = noting();
    const often = crontab("*/20 * * * * *");
    const own = ownSchedule({ next: (after) => often.next(after), toString: () => "often, in our words" });
    const site = beat(app, {
      here: { task: note.s("here"), schedule: own },
      there: { task: note.s("there"), schedule: own },
    });
    const elsewhere = new Umbel("tasks", { broker, backend, log: () => undefined });
    await site.tick();

    await api.pause("here");
    await schedules(elsewhere, { store: backend.schedules }).pause("there");
    await site.tick();
    await advance(180);

    expect(runs).toEqual([]);
  });

  it("does not run once a deployment has changed a schedule that only the code knows", async () => {
    const { app, advance, runs, note } = noting();
    const form = (cron: string) => {
      const schedule = ownSchedule({ next: (after) => crontab(cron).next(after), toString: () => `our ${cron}` });
      return beat(app, { own: { task: note.s(cron), schedule } });
    };
    await form("*/20 * * * * *").tick();

    await form("50 * * * * *").tick();
    await advance(70);

    expect(runs).toEqual(["50 * * * * * 00:00:50"]);
  });

  it("does not run once a deployment has taken the entry out of the code, or changed it", async () => {
    const { app, advance, runs, note } = noting();
    const entryOf = (label: string) => ({ task: note.s(label), schedule: crontab() });
    await beat(app, { gone: entryOf("gone"), changed: entryOf("before"), off: entryOf("off") }).tick();
    await advance(30);

    await beat(app, { changed: entryOf("after"), off: { ...entryOf("off"), enabled: false } }).tick();
    await advance(60);

    expect(runs).toEqual(["after 00:01:00"]);
  });
});

describe("a deployment", () => {
  it("never touches what was added at run time", async () => {
    const { api, app, entry, first, advance, runs, note } = noting();
    await api.upsert("dynamic", entry("dynamic"));
    await first.tick();

    await beat(app, { code: { task: note.s("code"), schedule: crontab() } }).tick();
    await advance(60);

    expect(runs.toSorted()).toEqual(["code 00:01:00", "dynamic 00:01:00"]);
  });
});

describe("an edit that is cut off after it was made, before what was sent ahead is taken back", () => {
  it.each(["pause", "remove"] as const)("is finished by the next tick: %s", async (edit) => {
    const { api, entry, first, advance, runs, ports, kill, run } = noting();
    await api.upsert("a", entry("a"));
    await first.tick();
    ports.before("revoke", kill);

    await expect(run("editor", async () => await api[edit]("a"))).rejects.toThrow("lost");
    await first.tick();
    await advance(180);
    await first.tick();

    expect(runs).toEqual([]);
    expect((await api.list()).map(({ name }) => name)).toEqual(edit === "pause" ? ["a"] : []);
  });

  it("is finished by the next tick, which sends by the new rules at once", async () => {
    const { api, entry, first, advance, runs, ports, kill, run } = noting();
    await api.upsert("a", entry("old"));
    await first.tick();
    ports.before("revoke", kill);
    await expect(run("editor", async () => await api.upsert("a", entry("new")))).rejects.toThrow("lost");

    await first.tick();
    await advance(60);

    expect(runs).toEqual(["new 00:01:00"]);
  });

  it("has what has begun by the old rules meanwhile run once only", async () => {
    const { api, entry, first, advance, runs, ports, kill, run } = noting();
    await api.upsert("a", entry("old"));
    await first.tick();
    ports.before("revoke", kill);
    await expect(run("editor", async () => await api.upsert("a", entry("new")))).rejects.toThrow("lost");
    await advance(60);

    await first.tick();
    await advance(60);

    expect(runs).toEqual(["old 00:01:00", "new 00:02:00"]);
  });

  it("is tried once in a tick, which sends all else meanwhile", async () => {
    const { api, app, entry, first, advance, runs, ports, kill, run, lines } = noting();
    await api.upsert("a", entry("a"));
    await api.upsert("b", entry("b"));
    ports.before("revoke", kill);
    await expect(run("editor", async () => await api.pause("a"))).rejects.toThrow("lost");
    app.backend.revoke = async () => await Promise.reject(new BackendUnavailable("The store is away"));

    await first.tick();
    await advance(60);

    expect(lines.filter(({ message }) => message.includes("is not taken back yet"))).toHaveLength(1);
    expect(runs).toEqual(["b 00:01:00"]);
  });
});
