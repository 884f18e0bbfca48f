/** Faults of real processes: a worker that is killed after it has acknowledged, before a real Redis. */

import { chain, WorkerLostError } from "umbel";
import { describe, it } from "vitest";
import { hasRedisServer } from "../redis-server.ts";
import { eventually, startStage } from "./stage.ts";

const patience = { timeout: 400_000 };

describe.skipIf(!hasRedisServer)("a task that is acknowledged before it runs", () => {
  it(
    "fails once its worker was killed, is never run again, and what follows it is told",
    patience,
    async ({ expect, onTestFinished }) => {
      const { app, tasks, journal, pushes, workers } = await startStage(onTestFinished, { lease: 1 });
      const answers = () => pushes.filter(({ path }) => path === "/q/default").map(({ outcome }) => outcome);
      const result = await chain(tasks.hasty.si("killed"), tasks.count.si("follower")).delay();
      await eventually(async () => (await journal.read("killed")).length === 1, "the body has begun");
      await eventually(() => answers().includes(202), "its message is acknowledged");

      workers[0]?.kill();
      await workers[0]?.start();

      await expect(result.get({ timeout: 60 })).rejects.toThrow(WorkerLostError);
      await expect(app.result(result.parent?.id ?? "").get({ timeout: 60 })).rejects.toThrow(WorkerLostError);
      expect(await journal.read("killed")).toHaveLength(1);
      expect(await journal.read("follower")).toEqual([]);
    },
  );

  it("outlives its lease, while its guard is told to come back", patience, async ({ expect, onTestFinished }) => {
    const { tasks, journal, pushes } = await startStage(onTestFinished, { lease: 1 });
    const answers = () => pushes.filter(({ path }) => path === "/q/default").map(({ outcome }) => outcome);
    const result = await tasks.hasty.delay("long");
    await eventually(() => answers().includes(409), "its guard has come, and is told to come back");

    await journal.open("long");

    await expect(result.get({ timeout: 60 })).resolves.toBeTypeOf("number");
    await eventually(() => answers().at(-1) === 200, "its guard has found its end");
    expect(await journal.read("long")).toHaveLength(2);
  });
});
