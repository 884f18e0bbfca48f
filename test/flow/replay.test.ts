/** Replays: what the broker has given up is sent again, as it was or edited, and runs. */

import { Reject } from "umbel";
import { control } from "umbel/control";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** A world with a task that rejects its messages until it is mended. */
function broken() {
  const home = world();
  const state = { mended: false, runs: 0 };
  const pay = home.app.task("tasks.pay", (amount: number) => {
    state.runs += 1;
    if (!state.mended) throw new Reject("no bank today");
    return amount;
  });
  return { ...home, state, pay, operator: control(home.app) };
}

describe("a task that failed for good", () => {
  it("runs once more when it is replayed, and succeeds under its id", async () => {
    const { state, pay, operator, finish, deadLetters } = broken();
    const result = await pay.delay(3);
    await finish();
    state.mended = true;

    const done = await operator.replay(result.id);
    await finish();

    expect(done).toEqual({
      count: 1,
      dryRun: false,
      replayed: [{ id: result.id, origin: result.id, task: "tasks.pay", queue: "default" }],
      refused: [],
      unread: 0,
    });
    expect(await result.get()).toBe(3);
    expect(deadLetters).toEqual([]);
  });
});
