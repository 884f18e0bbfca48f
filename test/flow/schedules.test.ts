/** Entries that are added, changed and taken away while beat runs. */

import { beat, schedules } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** An application with a task that writes down its arguments, and a beat. */
function shop() {
  const home = world();
  const ran: unknown[] = [];
  const note = home.app.task(
    { name: "shop.note", params: ["what?"] },
    (what: string = "nothing") => void ran.push(what),
  );
  const schedule = beat(home.app, { fixed: { task: note.s("fixed"), schedule: { minutes: 10 } } });
  const entries = schedules(home.app);
  return { ...home, ran, note, beat: schedule, entries, run };

  /** Ticks once a minute for so many of them, and runs what is due. */
  async function run(minutes: number): Promise<readonly unknown[]> {
    const before = ran.length;
    for (let minute = 0; minute < minutes; minute += 1) {
      await schedule.tick();
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

    const added = await entries.upsert("added", {
      task: note,
      args: ["added"],
      schedule: { minutes: 2 },
      overlap: "skip",
    });

    expect(added).toMatchObject({ name: "added", kind: "dynamic", task: "shop.note", count: 0, paused: false });
    expect(await run(5)).toEqual(["added", "added"]);
    expect(await entries.list()).toMatchObject([
      { name: "added", kind: "dynamic", schedule: "every 2 minutes", count: 2, lastTaskId: expect.any(String) },
      { name: "fixed", kind: "code", schedule: "every 10 minutes", count: 0, nextRun: expect.any(Date) },
    ]);
  });

  it("stays when a deployment changes the code", async () => {
    const { app, entries, run, note } = shop();
    await entries.upsert("added", { task: note, args: ["added"], schedule: 120 });
    await run(1);

    await beat(app, {}).tick();

    expect(await entries.get("added")).toMatchObject({ kind: "dynamic", dropped: false });
    expect(await entries.get("fixed")).toMatchObject({ kind: "code", dropped: true });
  });
});
