/** Ids of inner calls (delivery.md 2) in real processes: a worker is killed after its task has made its calls. */

import { describe, it } from "vitest";
import { hasRedisServer } from "../redis-server.ts";
import { childLabels } from "./parent-task.ts";
import { eventually, startStage } from "./stage.ts";

describe.skipIf(!hasRedisServer)("a task whose process is killed after it has made its calls", () => {
  it(
    "finds each child again, though it calls in another order",
    { timeout: 400_000 },
    async ({ expect, onTestFinished }) => {
      const { app, tasks, journal, pushes, workers } = await startStage(onTestFinished, { lease: 2 });
      const labels = [...new Set(childLabels)];
      const ended = async () =>
        [...(await journal.readAll(labels)).values()].flat().filter((line) => line.startsWith("end"));
      const result = await tasks.parent.delay();
      await eventually(async () => (await ended()).length === childLabels.length, "its children have run");
      // A body notes its end before that is stored: who is killed in between begins it again.
      await eventually(() => pushes.filter(({ outcome }) => outcome === "open").length === 1, "only it is under way");

      workers[0]?.kill();
      await workers[0]?.start();

      expect(await result.get({ timeout: 60 })).toBe(2);
      const children = ((await result.meta())?.children ?? []).map(([[id]]) => id);
      const states = await Promise.all(children.map(async (id) => await app.result(id).state()));
      // A group is no call: nobody keeps a state for it.
      expect(states.toSorted((a, b) => a.localeCompare(b))).toEqual([
        "PENDING",
        ...Array.from({ length: 4 }, () => "SUCCESS"),
      ]);
      expect(await ended()).toHaveLength(childLabels.length);
      expect(await journal.read("parent")).toHaveLength(2);
    },
  );
});
