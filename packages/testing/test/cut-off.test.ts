/** How often a body may run, as docs/testing.md has it: once for each attempt, and once more for each time it was cut off. */

import { Umbel } from "@umbel/core";
import { type FiredFault, type TestKit, testKit } from "@umbel/testing";
import { describe, expect, it } from "vitest";
import { everyFault } from "./every-fault.ts";
import { runsOf } from "./pace.ts";

/** An application with a task that is retried twice, and what has begun of it. */
function trying() {
  const app = new Umbel("tasks", { log: () => undefined, resultExpires: "90d" });
  const begun: { readonly id: string; readonly retries: number }[] = [];
  const tries = app.task({ name: "tasks.tries", bind: true, maxRetries: 2 }, (task) => {
    const { id, retries } = task.request;
    begun.push({ id, retries });
    if (retries < 2) throw task.retry({ countdown: 60 });
    return "done";
  });
  return { app, begun, tries };
}

const seeds = runsOf({ usual: 60, full: 600, few: 6 });

/** The page's formula, word for word. */
function mostRuns(kit: Pick<TestKit, "fired">, { id, retries }: { readonly id: string; readonly retries: number }) {
  const cutOff = kit.fired.filter((each) => each.taskId === id && each.retries === retries && each.running);
  return 1 + cutOff.length;
}

describe("an attempt", () => {
  it("runs once, and once more for each fault that is told of it while it ran", async () => {
    let repeated = 0;
    for (let seed = 0; seed < seeds; seed += 1) {
      const { app, begun, tries } = trying();
      await using kit = testKit(app, { seed, concurrency: 1 + (seed % 3), faults: everyFault });
      const { id } = await tries.delay();
      if (seed % 2 === 0) kit.before("finish", kit.crash);
      await kit.settle();

      for (const retries of [0, 1, 2]) {
        const runs = begun.filter((each) => each.retries === retries).length;
        if (runs > 1) repeated += 1;
        expect(runs, `retries ${retries}, seed ${seed}`).toBeGreaterThanOrEqual(1);
        expect(runs, `retries ${retries}, seed ${seed}`).toBeLessThanOrEqual(mostRuns(kit, { id, retries }));
      }
    }
    expect(repeated).toBeGreaterThan(seeds / 3);
  });

  it("that is crashed by hand is told of with the others", async () => {
    const { app, begun, tries } = trying();
    await using kit = testKit(app);
    const { id } = await tries.delay();
    kit.before("finish", kit.crash);

    await kit.settle();

    expect(begun.map(({ retries }) => retries)).toEqual([0, 0, 1, 2]);
    expect(kit.fired).toMatchObject([{ fault: "crash", taskId: id, task: "tasks.tries", retries: 0, running: true }]);
  });

  it("whose call a test has lost is told of as well, with the method", async () => {
    const { app, tries } = trying();
    await using kit = testKit(app);
    const { id } = await tries.delay();
    kit.after("finish", () => {
      throw new Error("no answer");
    });

    await kit.settle();

    expect(kit.fired).toMatchObject([{ fault: "after", method: "finish", taskId: id, retries: 0 }]);
  });

  it("says which it was in a push that was struck, too", async () => {
    const { app, tries } = trying();
    await using kit = testKit(app, { faults: [{ fault: "drop", delivery: 1 }] });
    await tries.delay();

    await kit.settle();

    expect(kit.fired).toMatchObject([{ fault: "drop", retries: 1, running: false }]);
  });

  it("is crashed again where a test that crashed by hand is given what fired", async () => {
    const first = await crashed([]);

    expect(await crashed(first.fired)).toEqual(first);
  });
});

async function crashed(faults: readonly FiredFault[]) {
  const { app, begun, tries } = trying();
  await using kit = testKit(app, { seed: 1, faults });
  await tries.delay();
  kit.before("finish", kit.crash);
  await kit.settle();
  return { begun, fired: kit.fired };
}
