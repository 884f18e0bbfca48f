/** What an entry shows of its runs: how many there were, and when the last one was. What is to come is not among them. */

import * as fc from "fast-check";
import { type BeatEntry, beat, crontab, ownSchedule, schedules } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const start = Date.parse("2026-01-01T00:00:00Z");
const sequences = process.env["UMBEL_TEST_LEVEL"] === "full" ? 300 : 40;

/** An application that notes the id of each run that begins, two beats that send far ahead, and its entries. */
function noting() {
  const home = world({ time: { start } });
  const begun: string[] = [];
  const note = home.app.task({ name: "tasks.note", bind: true }, (task, _label: number) => {
    begun.push(task.request.id);
  });
  const api = schedules(home.app, { store: home.backend.schedules });
  const [first, second] = [beat(home.app, {}, { horizon: 300 }), beat(home.app, {}, { horizon: 300 })];
  const entry = (rules: Partial<BeatEntry> = {}) => ({ task: note, args: [0], schedule: crontab(), ...rules }) as const;
  return { ...home, begun, api, first, second, entry, shown };

  /** How many runs there were, the minute and second of the last one, and whether its id is that of the last that began. */
  async function shown() {
    const { count = 0, lastRun, lastTaskId } = (await api.get("a")) ?? {};
    return [count, lastRun?.toISOString().slice(14, 19), lastTaskId === begun.at(-1)] as const;
  }
}

/** Something that is done to the entry; `nth` makes each edit another one. */
async function perform({ api, entry, first, second }: ReturnType<typeof noting>, what: string, nth: number) {
  if (what === "tick") return void (await first.tick());
  if (what === "two ticks") return void (await Promise.all([first.tick(), second.tick()]));
  if (what === "pause" || what === "resume") return void (await api[what]("a"));
  await api.upsert("a", entry(what === "edit" ? { args: [nth] } : { schedule: 20 + (nth % 3) * 20 }));
}

describe("an entry", () => {
  it("shows runs that were sent ahead once their time has come", async () => {
    const { api, entry, first, advance, shown } = noting();
    await api.upsert("a", entry());

    const { sent } = await first.tick();
    const before = await shown();
    await advance(130);

    expect(sent).toHaveLength(5);
    expect(before).toEqual([0, undefined, true]);
    expect(await shown()).toEqual([2, "02:00", true]);
  });

  it("shows the same whenever ticks come, and when ten come at once", async () => {
    const { app, api, entry, first, second, advance, shown } = noting();
    const ten = Array.from({ length: 10 }, () => beat(app, {}, { horizon: 300 }));
    await api.upsert("a", entry());
    await first.tick();
    await advance(70);
    await Promise.all(ten.map(async (each) => await each.tick()));
    await advance(70);

    await second.tick();

    expect(await shown()).toEqual([2, "02:00", true]);
  });

  it.each(["pause", "upsert"] as const)("does not count what %s has taken back", async (change) => {
    const { api, entry, first, advance, shown } = noting();
    await api.upsert("a", entry());
    await first.tick();
    await advance(130);

    await (change === "pause" ? api.pause("a") : api.upsert("a", entry({ schedule: crontab({ minute: 30 }) })));
    await advance(600);

    expect(await shown()).toEqual([2, "02:00", true]);
  });

  it("goes on counting from there when it is resumed", async () => {
    const { api, entry, first, advance, shown } = noting();
    await api.upsert("a", entry());
    await first.tick();
    await advance(70);
    await api.pause("a");
    await advance(600);
    await api.resume("a");
    await first.tick();

    await advance(60);

    expect(await shown()).toEqual([2, "12:00", true]);
  });

  it("begins anew when it was removed and is added again", async () => {
    const { api, entry, first, advance, shown } = noting();
    await api.upsert("a", entry());
    await first.tick();
    await advance(70);

    await api.remove("a");
    await api.upsert("a", entry());

    expect((await shown()).slice(0, 2)).toEqual([0, undefined]);
  });

  it("does not count what a deployment has taken back by changing or dropping it", async () => {
    const { app, entry, advance, shown } = noting();
    await beat(app, { a: entry() }, { horizon: 300 }).tick();
    await advance(70);
    await beat(app, { a: entry({ jitter: 1 }) }, { horizon: 300 }).tick();
    const changed = await shown();

    await beat(app, {}, { horizon: 300 }).tick();
    await advance(600);

    expect(changed).toEqual([1, "01:00", true]);
    expect(await shown()).toEqual([1, "01:00", true]);
  });

  it("does not count a run that is taken back while it waits for its jitter or its countdown", async () => {
    for (const rules of [{ jitter: "30m" }, { options: { countdown: 1800 } }] as const) {
      const { api, entry, first, advance, shown, begun } = noting();
      await api.upsert("a", entry({ schedule: crontab({ minute: 1 }), ...rules }));
      await first.tick();
      await advance(61);
      const sent = (await shown()).slice(0, 2);

      await api.pause("a");
      await advance(3600);

      expect([sent, begun.length]).toEqual([[1, "01:00"], 0]);
      expect(await shown()).toEqual([0, undefined, true]);
    }
  });

  it("counts what ran before an edit that was cut off was finished", async () => {
    const home = noting();
    await home.api.upsert("a", home.entry());
    await home.first.tick();
    home.ports.before("revoke", () => home.kill());
    await home.run("an edit", async () => void (await home.api.pause("a"))).catch(() => undefined);
    await home.advance(130);

    await home.first.tick();
    await home.advance(600);

    expect(home.begun).toHaveLength(2);
    expect(await home.shown()).toEqual([2, "02:00", true]);
  });

  it("finishes what another edit has left undone, and counts what ran meanwhile", async () => {
    const home = noting();
    await home.api.upsert("a", home.entry());
    await home.first.tick();
    home.ports.before("revoke", () => home.kill());
    await home.run("an edit", async () => void (await home.api.pause("a"))).catch(() => undefined);
    await home.advance(130);

    await home.api.upsert("a", home.entry({ jitter: 1 }));
    await home.api.resume("a");
    await home.first.tick();
    await home.advance(61);

    expect(home.begun).toHaveLength(3);
    expect(new Set(home.begun).size).toBe(3);
    expect((await home.shown())[0]).toBe(3);
  });

  it("counts by a schedule that only the code knows as by any other", async () => {
    const { app, api, entry, advance, shown } = noting();
    const often = crontab();
    const own = ownSchedule({ next: (after) => often.next(after), toString: () => "often, in our words" });
    const site = beat(app, { a: entry({ schedule: own }) }, { horizon: 300 });
    await site.tick();
    await advance(70);
    await site.tick();

    await api.pause("a");
    await advance(600);

    expect(await shown()).toEqual([1, "01:00", true]);
  });

  it("shows the latest run, also while older ones are made up for", async () => {
    const { api, entry, first, clock, shown } = noting();
    await api.upsert("a", entry({ catchup: "all" }));
    await api.upsert("b", entry({ catchup: "all" }));
    await clock.advance(99 * 60);
    await first.tick();
    await clock.advance(10);

    const { sent } = await first.tick();

    expect(sent.length).toBeGreaterThan(50);
    expect((await shown()).slice(0, 2)).toEqual([99, "39:00"]);
  });

  it("that an older version has kept is shown as far as it has come, and goes on from there", async () => {
    const { api, entry, first, advance, shown, backend } = noting();
    await api.upsert("a", entry());
    const [stored] = (await backend.schedules.entries({ app: "tasks" })).entries;
    const ahead = { upTo: start + 90_000, count: 8, lastRun: start + 60_000, lastId: "an id", lastAt: start + 60_000 };
    const text = (stored?.text ?? "").replace(/"upTo":.*\}$/, JSON.stringify({ ...ahead, skipped: 0 }).slice(1));
    const change = { name: "a", expected: stored?.version ?? "", entry: { version: "older", text, next: start } };
    await backend.schedules.change({ app: "tasks", changes: [change] });

    const before = await shown();
    await first.tick();
    await advance(61);
    const after = await api.get("a");
    await advance(60);

    expect(before.slice(0, 2)).toEqual([8, undefined]);
    expect(after).toMatchObject({ count: 8, lastRun: new Date(start + 60_000), lastTaskId: "an id" });
    expect(await shown()).toEqual([9, "02:00", true]);
  });

  it("counts what began, whatever happens to it", async () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant("advance" as const), seconds: fc.integer({ min: 1, max: 200 }) }),
      fc.record({ kind: fc.constantFrom("tick", "two ticks", "edit", "reschedule", "pause", "resume") }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 20 }), async (acts) => {
        const home = noting();
        let label = 0;
        await home.api.upsert("a", home.entry());
        for (const each of acts) {
          if ("seconds" in each) await home.advance(each.seconds);
          else await perform(home, each.kind, (label += 1));
          await home.drain();
          const [count, , isLast] = await home.shown();
          expect([count, isLast]).toEqual([home.begun.length, true]);
        }
      }),
      { numRuns: sequences },
    );
  });
});
