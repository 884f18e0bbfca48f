/** What beat is given: none of it is needed but the application, and what makes no sense is refused at once. */

import { beat, schedules } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

describe("what beat is given", () => {
  it("may be no entries: it sends what the store has, and takes nothing for gone", async () => {
    const { app } = world();
    const noop = app.task("tasks.noop", () => null);
    await beat(app, { fixed: { task: noop, schedule: "1m" } }).tick();
    const api = schedules(app);
    await api.upsert("added", { task: noop, schedule: "1m" });

    const { sent } = await beat(app).tick();

    expect(sent.map(({ entry }) => entry)).toEqual(["added"]);
    expect((await api.list()).map(({ dropped }) => dropped)).toEqual([false, false]);
  });

  it.each<[given: string, args: readonly unknown[], words: string]>([
    ["a list", [world().app, []], "second argument of beat() is []: give the entries by name, as {"],
    ["no application", [{}, {}], "first argument of beat() is {}: give the application, as new Umbel("],
    [
      "a misspelt option",
      [world().app, {}, { horizont: 5 }],
      'There is no option "horizont" of beat(); the nearest name is "horizon"',
    ],
    [
      "who does not tick",
      [world().app, {}, { tickedBy: "cron" }],
      'tickedBy of beat() is "cron": give "token", "broker" or "platform"',
    ],
    ["an empty token", [world().app, {}, { token: "" }], 'token of beat() is "": give a text'],
    ["no switch", [world().app, {}, { isGuest: "yes" }], 'isGuest of beat() is "yes": give true or false'],
  ])("is refused with what is allowed: %s", (_what, args, words) => {
    expect(() => Reflect.apply(beat, undefined, args)).toThrow(words);
  });
});
