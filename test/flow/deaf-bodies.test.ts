/** Delivery, points 10 and 16: bodies that do not hear that they are to stop. Nothing can stop them; what they return counts no more. */

import { Retry, TaskRevokedError, TimeLimitExceeded, Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { world } from "./world.ts";

/** An application whose clock moves only while a body blocks: no timer fires meanwhile. */
function blocking() {
  let time = Date.UTC(2026, 0, 1);
  const app = new Umbel("tasks", { taskAlwaysEager: true, log: () => undefined, platform: { now: () => time } });
  const block = (seconds: number): void => {
    time += seconds * 1000;
  };
  return { app, block };
}

describe("a body that blocks beyond its hard limit", () => {
  it.each([
    { how: "returns", leave: () => "blocked" },
    {
      how: "throws",
      leave: () => {
        throw new RangeError("blocked");
      },
    },
    {
      how: "asks for another attempt",
      leave: () => {
        throw new Retry(1, undefined);
      },
    },
  ])("has failed of that, although no timer could fire: it $how", async ({ leave }) => {
    const { app, block } = blocking();
    const task = app.task({ name: "tasks.block", timeLimit: 1 }, () => {
      block(2.5);
      return leave();
    });

    const result = await task.delay();

    await expect(result.get()).rejects.toThrow(TimeLimitExceeded);
  });

  it("counts until it has returned, and no longer", async () => {
    const { app, block } = blocking();
    const task = app.task({ name: "tasks.block", timeLimit: 1 }, () => {
      block(0.9);
      return "in time";
    });

    const result = await task.delay();

    expect(await result.get()).toBe("in time");
  });

  it("may take longer than its soft limit: that only tells it", async () => {
    const { app, block } = blocking();
    const task = app.task({ name: "tasks.block", softTimeLimit: 1, timeLimit: 10 }, () => {
      block(2.5);
      return "late";
    });

    const result = await task.delay();

    expect(await result.get()).toBe("late");
  });
});

describe("a body that does not look at its signal", () => {
  it.each([
    { how: "returns", leave: () => "deaf" },
    {
      how: "asks for another attempt",
      leave: () => {
        throw new Retry(1, undefined);
      },
    },
  ])("ends as terminated once it has been told so, whatever it comes to: it $how", async ({ leave }) => {
    const { app, drain, clock, finish } = world();
    const revoked: unknown[] = [];
    app.signals.taskRevoked.connect(({ terminated }) => revoked.push(terminated));
    let runs = 0;
    const deaf = app.task("tasks.deaf", async () => {
      runs += 1;
      await clock.sleep(100);
      return leave();
    });
    const result = await deaf.delay();
    const drained = drain();
    await until(() => runs === 1);

    await result.revoke({ terminate: true });
    await clock.advance(100);
    await drained;
    await finish();

    await expect(result.get()).rejects.toThrow(new TaskRevokedError("terminated"));
    expect(revoked).toEqual([true]);
    expect(runs).toBe(1);
  });

  it("has succeeded when it returns before it could be told", async () => {
    const { app, drain, clock } = world();
    let runs = 0;
    const quick = app.task("tasks.quick", async () => {
      runs += 1;
      await clock.sleep(10);
      return "done";
    });
    const result = await quick.delay();
    const drained = drain();
    await until(() => runs === 1);

    await result.revoke({ terminate: true });
    await clock.advance(10);
    await drained;

    expect(await result.get()).toBe("done");
  });
});
