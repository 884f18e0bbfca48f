/** Delivery, point 14: whoever waits for a canvas is told which of its calls has failed, whatever waited in between. */

import { chain, chord, group } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

function failing() {
  const home = world();
  const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
  const sum = home.app.task("tasks.sum", (all: number[]) => all.length);
  const fail = home.app.task("tasks.fail", (_x: number): number => {
    throw new RangeError("too far");
  });
  return { ...home, add, sum, fail };
}

describe("the error of what waited for a failed call", () => {
  it("names the step of a chain that has failed", async () => {
    const { add, fail, finish } = failing();
    const result = await chain(add.s(1, 1), fail.s(), add.s(1), add.s(1)).delay();
    await finish();

    const origin = { id: result.parent?.parent?.id, task: "tasks.fail" };
    await expect(result.get()).rejects.toMatchObject({ taskId: result.id, message: "too far", origin });
    await expect(result.parent?.parent?.get()).rejects.not.toHaveProperty("origin");
  });

  it("names the revoked one, and the one that was too slow", async () => {
    const { app, add, finish, clock } = failing();
    const slow = app.task({ name: "tasks.slow", timeLimit: 5 }, async () => {
      await clock.sleep(10);
      return 1;
    });
    const result = await chain(slow.s(), add.s(1)).delay();
    const other = await chain(add.s(1, 1), add.s(1)).delay();
    await other.parent?.revoke();
    await finish();

    await expect(other.get()).rejects.toMatchObject({ name: "TaskRevokedError", origin: { id: other.parent?.id } });
    await expect(result.get()).rejects.toThrow(
      `The call ${result.parent?.id} took longer than its hard time limit of 5 s`,
    );
  });

  it("names the member of a chord, and what follows the chord is told the same", async () => {
    const { add, sum, fail, finish } = failing();
    const result = await chain(chord([add.s(1, 1), fail.s(1)], sum.s()), add.s(1)).delay();
    await finish();

    const failed = result.parent?.parent?.ids[1];
    await expect(result.get()).rejects.toMatchObject({
      name: "ChordError",
      message: expect.stringContaining(`Dependency ${failed} raised`),
      cause: { taskId: failed, origin: { id: failed, task: "tasks.fail" } },
    });
  });
});

describe("an error as JSON", () => {
  it("has its message and what it knows, and no file of the worker's", async () => {
    const { fail, finish } = failing();
    const result = await fail.delay(1);
    await finish();

    const shown: unknown = JSON.parse(JSON.stringify(await result.settled()));

    expect(shown).toEqual({
      state: "FAILURE",
      error: {
        name: "TaskFailure",
        code: "TASK_FAILED",
        message: "too far",
        transient: false,
        taskId: result.id,
        excType: "RangeError",
        excArgs: ["too far"],
      },
    });
  });

  it("has the cause, where that is one of ours", async () => {
    const { sum, fail, finish } = failing();
    const result = await group([fail.s(1)])
      .pipe(sum.s())
      .delay();
    await finish();

    const shown: unknown = JSON.parse(JSON.stringify(await result.settled()));

    expect(shown).toMatchObject({
      error: { code: "CHORD_FAILED", cause: { message: "too far", origin: { task: "tasks.fail" } } },
    });
  });
});
