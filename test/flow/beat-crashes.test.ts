/** A beat that dies, at every point of a tick; and two deployments that tick by turns. Real runs are counted. */

import { chord, type Umbel } from "umbel";
import { beat, type Beat, type BeatEntries, crontab, schedules } from "umbel/beat";
import type { PortMethod } from "umbel/testing";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const start = Date.parse("2026-01-01T00:00:00Z");

/** Ten entries that run each minute and write down each run; one is a canvas. */
function running() {
  const home = world({ time: { start } });
  const runs: string[] = [];
  home.app.task("tasks.note", (label: string) => void runs.push(label));
  const part = home.app.task("tasks.part", (x: number) => x);
  const total = home.app.task("tasks.total", (parts: readonly number[]) => void runs.push(`canvas of ${parts.length}`));
  const notes: BeatEntries = Object.fromEntries(
    Array.from({ length: 9 }, (_, nth) => [
      `note ${nth}`,
      { task: "tasks.note", args: [`note ${nth}`], schedule: crontab() },
    ]),
  );
  const canvas = { task: chord([part.s(1), part.s(2)], total.s()), schedule: crontab() };
  return { ...home, runs, schedule: beat(home.app, { ...notes, canvas }) };
}

const points: readonly (readonly ["before" | "after", PortMethod])[] = [
  ["before", "due"],
  ["after", "due"],
  ["before", "entries"],
  ["after", "entries"],
  ["before", "publish"],
  ["after", "publish"],
  ["before", "change"],
  ["after", "change"],
];

describe("a beat that dies in its first tick, which registers the plan as well", () => {
  it.each(points)("just %s %s: each slot of ten minutes runs once", async (moment, method) => {
    const home = running();
    home.ports[moment](method, home.kill);

    await expect(home.run("beat", async () => await home.schedule.tick())).rejects.toThrow("lost");
    await tickFor(home, home.schedule, 10);

    expect(countsOf(home.runs)).toEqual(ofEach(10));
  });
});

describe("a beat that dies in any other tick", () => {
  it.each(points.filter(([, method]) => method !== "entries"))(
    "just %s %s: each slot of ten minutes runs once",
    async (moment, method) => {
      const home = running();
      await home.schedule.tick();
      await home.clock.advance(60);
      home.ports[moment](method, home.kill);

      await expect(home.run("beat", async () => await home.schedule.tick())).rejects.toThrow("lost");
      await tickFor(home, home.schedule, 9);

      expect(countsOf(home.runs)).toEqual(ofEach(10));
    },
  );
});

describe("a publish call of which only a part was taken", () => {
  it("is made up for by the next tick: what was taken runs once, too", async () => {
    const home = running();
    const publish = home.broker.publish.bind(home.broker);
    const refused = { accepted: false, reason: "It is full", transient: true } as const;
    let taken: ReadonlySet<string> | undefined = new Set();
    home.broker.publish = async (publications) => {
      const ids = publications.map((each) => each.message.headers.id);
      if (taken?.size === 0) taken = new Set(ids.filter((_, nth) => nth !== 1 && nth < 5)); // Half of the canvas, too.
      const isTaken = (nth: number) => taken?.has(ids[nth] ?? "") ?? true;
      const receipts = await publish(publications.filter((_, nth) => isTaken(nth)));
      let next = 0;
      return publications.map((_, nth) => (isTaken(nth) ? (receipts[next++] ?? refused) : refused));
    };

    const ticking = home.schedule.tick();
    await home.advance(30);
    const { sent, failed } = await ticking;
    taken = undefined;
    await tickFor(home, home.schedule, 10);

    expect([sent.length, failed.length]).toEqual([3, 7]);
    expect(countsOf(home.runs)).toEqual(ofEach(10));
  });
});

/** Both plans have `same`; `changed` differs in its argument; each has one of its own. */
function plansOf(app: Umbel, runs: string[]): readonly [Beat, Beat] {
  app.task("tasks.note", (label: string) => void runs.push(label));
  const before = beat(app, { same: noteOf("same"), changed: noteOf("changed"), old: noteOf("old") });
  const after = beat(app, { same: noteOf("same"), changed: noteOf("changed, later"), new: noteOf("new") });
  return [before, after];
}

function noteOf(label: string) {
  return { task: "tasks.note", args: [label], schedule: crontab() };
}

describe("two deployments that tick by turns", () => {
  it("send each slot once, also of what only one of them has, until that one ticks no more", async () => {
    const home = world({ time: { start } });
    const runs: string[] = [];
    const [before, after] = plansOf(home.app, runs);
    await before.tick();

    for (let minute = 0; minute < 10; minute += 1) {
      await (minute % 2 === 0 ? after : before).tick();
      await home.advance(60);
    }
    await tickFor(home, after, 10);

    const counts = Object.groupBy(runs, (label) => label);
    expect(counts["same"]).toHaveLength(20);
    expect([...(counts["changed"] ?? []), ...(counts["changed, later"] ?? [])]).toHaveLength(20);
    expect(counts["new"]).toHaveLength(20);
    expect(counts["old"]).toHaveLength(10);
  });

  it("change an entry to and fro: one of its forms runs in each slot", async () => {
    const home = world({ time: { start } });
    const runs: string[] = [];
    home.app.task("tasks.note", (label: string) => void runs.push(`${label} ${new Date(home.now()).toISOString()}`));
    const form = (label: string) =>
      beat(home.app, { note: { task: "tasks.note", args: [label], schedule: crontab() } });
    const beats = [form("a"), form("b")] as const;

    for (let nth = 0; nth < 40; nth += 1) {
      await beats[nth % 2 === 0 ? 0 : 1].tick();
      await home.advance(17);
    }

    const instants = runs.map((run) => run.slice(2));
    expect(new Set(instants).size).toBe(instants.length);
    expect(instants).toHaveLength(11);
  });
});

describe("a beat that has no entries of code where a deployment elsewhere has", () => {
  it("leaves those to it, and sends what was added at run time", async () => {
    const home = world({ time: { start } });
    const runs: string[] = [];
    const note = home.app.task("tasks.note", (label: string) => void runs.push(label));
    const api = schedules(home.app, { store: home.backend.schedules });
    const deployed = beat(home.app, { code: { task: note.s("code"), schedule: crontab() } });
    const guest = beat(home.app, {}, { isGuest: true });
    await deployed.tick();
    await api.upsert("added", { task: note, args: ["added"], schedule: crontab() });

    await guest.tick();
    await home.advance(60);

    expect(runs.toSorted()).toEqual(["added", "code"]);
    expect((await api.list()).map(({ dropped }) => dropped)).toEqual([false, false]);
  });
});

async function tickFor(home: { advance: (seconds: number) => Promise<unknown> }, schedule: Beat, minutes: number) {
  for (let minute = 0; minute < minutes; minute += 1) {
    await schedule.tick();
    await home.advance(60);
  }
}

const names = [...Array.from({ length: 9 }, (_, nth) => `note ${nth}`), "canvas of 2"];

function countsOf(runs: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name) => [name, runs.filter((run) => run === name).length]));
}

function ofEach(count: number): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name) => [name, count]));
}

describe("a deployment that comes between a slot and the tick that sends it", () => {
  it("loses no slot of an entry that is not sent ahead, and doubles none that the old one is about to send", async () => {
    const home = world({ time: { start } });
    const runs: string[] = [];
    const note = home.app.task("tasks.note", (label: string) => void runs.push(label));
    const form = (label: string) =>
      beat(home.app, { note: { task: note.s(label), schedule: crontab(), overlap: "skip" } });
    const [before, after] = [form("before"), form("after")];
    await before.tick();
    await home.clock.advance(65);
    const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    home.ports.before("publish", async () => {
      reached.resolve();
      await gate.promise;
    });
    const ticking = before.tick();
    await reached.promise;

    const { sent } = await after.tick();
    gate.resolve();
    await ticking;
    await home.drain();

    expect(sent.map(({ slot }) => slot)).toEqual(["2026-01-01T00:01:00.000Z"]);
    expect(runs).toHaveLength(1);
  });

  it("makes up for what was missed before it as the entry says", async () => {
    const home = world({ time: { start } });
    const noop = home.app.task("tasks.noop", (version: number) => version);
    const form = (nth: number) => beat(home.app, { noop: { task: noop.s(nth), schedule: "0 * * * *" } });
    await form(1).tick();
    await home.clock.advance(86_400 + 600);

    const { sent } = await form(2).tick();

    expect(sent.map(({ slot }) => slot)).toEqual(["2026-01-02T00:00:00.000Z"]);
  });

  it("has nothing missed that was not to be sent: an entry that it enables", async () => {
    const home = world({ time: { start } });
    const noop = home.app.task("tasks.noop", () => null);
    const form = (enabled: boolean) => beat(home.app, { noop: { task: noop, schedule: "0 * * * *", enabled } });
    await form(false).tick();
    await home.clock.advance(86_400 + 600);

    expect((await form(true).tick()).sent).toEqual([]);
  });

  it("takes back what another one left, that died before it could", async () => {
    const home = world({ time: { start } });
    const runs: string[] = [];
    const note = home.app.task("tasks.note", (label: string) => void runs.push(label));
    const form = (label: string) => beat(home.app, { note: { task: note.s(label), schedule: crontab() } });
    await form("first").tick();
    home.ports.before("revoke", home.kill);
    await expect(home.run("beat", async () => await form("second").tick())).rejects.toThrow("lost");

    await form("third").tick();
    await home.advance(60);

    expect(runs).toEqual(["third"]);
  });
});
