/** What a worker says of itself: nothing that is secret, and no more than a store can take. */

import { describe, expect, it } from "vitest";
import { announcementsIn } from "./watched.ts";
import { world } from "./world.ts";

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, nth) => `a-name-that-is-rather-long-${nth}`);
}

describe("what a worker says of itself", () => {
  it("has no arguments of its schedule, no token, and of an address neither its user nor its query", async () => {
    const kwargs = { auth: "Bearer in-a-schedule", hook: "https://hooks.test/?sig=in-a-schedule" };
    const wire = {
      task: "tasks.add",
      args: ["in-a-schedule"],
      kwargs: {},
      options: {},
      subtask_type: null,
      immutable: false,
    };
    const home = world({
      beatSchedule: {
        nightly: {
          task: "tasks.add",
          schedule: 60,
          args: ["in-a-schedule"],
          kwargs,
          options: { queue: "in-a-schedule" },
        },
        held: { task: wire, schedule: 60 },
      },
      taskRoutes: [{ "tasks.a": "https://in-a-route@hooks.test/path?sig=in-a-route", "tasks.b": "Bearer in-a-route" }],
    });
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
    home.app.conf.update({
      beatSchedule: { ...home.app.conf.beatSchedule, ours: { task: add.s(12321, 2), schedule: 60 } },
    });

    await add.delay(1, 2);
    await home.drain();

    const conf = (await announcementsIn(home)).get("worker@tasks")?.conf;
    expect(conf).toEqual({
      beatSchedule: {
        nightly: { task: "tasks.add", schedule: 60 },
        held: { task: "tasks.add", schedule: 60 },
        ours: { task: "tasks.add", schedule: 60 },
      },
      taskRoutes: [{ "tasks.a": "https://********@hooks.test/path?********", "tasks.b": "Bearer ********" }],
    });
  });

  it.each([
    { what: "settings", settings: 3000, tasks: 0, shown: { conf: null, tasks: [{ name: "tasks.add" }] } },
    { what: "tasks", settings: 0, tasks: 2000, shown: { conf: null, tasks: [] } },
  ])(
    "shows it online though there are more $what than can be shown, and warns of that once",
    async ({ settings, tasks, shown }) => {
      const home = world({ taskRoutes: names(settings).map((name) => [name, "slow"] as const) });
      const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
      for (const name of names(tasks)) home.app.task(name, () => 1);

      for (let turn = 0; turn < 2; turn += 1) {
        await add.delay(1, 2);
        await home.drain();
        await home.clock.advance(45);
      }

      expect((await announcementsIn(home)).get("worker@tasks")).toMatchObject(shown);
      expect(home.lines.filter(({ message }) => message.includes("left out of what it says"))).toHaveLength(1);
    },
  );
});
