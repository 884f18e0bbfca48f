/** Following one call: states as they come, and the last one. */

import { GetInsideTaskError, TimeoutError } from "umbel";
import { describe, expect, it } from "vitest";
import { listOf } from "../list-of.ts";
import { until } from "../until.ts";
import { world } from "./world.ts";

/** A task that shows two states of its own, each when it is told to go on. */
function counting() {
  const home = world({ taskTrackStarted: true });
  const gates: (() => void)[] = [];
  const pause = async () => await new Promise<void>((resolve) => void gates.push(resolve));
  const count = home.app.task({ name: "tasks.count", bind: true }, async (task) => {
    for (const at of [1, 2]) {
      await pause();
      await task.updateState({ state: "PROGRESS", meta: { at, of: 2 } });
    }
    await pause();
    return "done";
  });
  /** Lets it go on, three times, each once what it showed was seen; `before` was seen before it started. */
  async function goOn(seen: readonly unknown[], before = 0): Promise<void> {
    for (const step of [1, 2, 3]) {
      await until(() => gates.length === step && seen.length === before + step);
      gates[step - 1]?.();
    }
  }
  return { ...home, count, goOn };
}

describe("for await over a result", () => {
  it("gives each state and what came with it, until the end", async () => {
    const { count, goOn, drain } = counting();
    const result = await count.delay();
    const seen: unknown[] = [];

    const reading = (async () => {
      for await (const progress of result) seen.push(progress);
    })();
    const draining = drain();
    await goOn(seen, 1);
    await Promise.all([reading, draining]);

    expect(seen).toEqual([
      { state: "PENDING", info: undefined },
      { state: "STARTED", info: expect.anything() },
      { state: "PROGRESS", info: { at: 1, of: 2 } },
      { state: "PROGRESS", info: { at: 2, of: 2 } },
      { state: "SUCCESS", info: "done" },
    ]);
  });

  it("throws no failure: that is the last state", async () => {
    const { app, finish } = world();
    const boom = app.task("tasks.boom", (): number => {
      throw new RangeError("too far");
    });
    const result = await boom.delay();
    await finish();

    const seen = await listOf(result);

    expect(seen).toEqual([{ state: "FAILURE", info: expect.objectContaining({ message: "too far" }) }]);
  });

  it("throws TimeoutError when the end takes too long, and leaves no timer", async () => {
    const { app, clock } = world();
    const add = app.task("tasks.add", (x: number) => x);
    const result = await add.delay(1);

    const reading = listOf(result.progress({ timeout: 5 })).catch((error: unknown) => error);
    await until(() => clock.sleepers() === 1);
    await clock.advance(5);

    expect(await reading).toBeInstanceOf(TimeoutError);
    expect(clock.sleepers()).toBe(0);
  });

  it("ends with the caller's signal, and when the loop is left", async () => {
    const { app, clock } = world();
    const add = app.task("tasks.add", (x: number) => x);
    const result = await add.delay(1);

    for await (const { state } of result) if (state === "PENDING") break;

    expect(clock.sleepers()).toBe(0);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(listOf(result.progress({ signal }))).rejects.toThrow("enough");
  });

  it("shows nothing of a call of which nobody keeps anything", async () => {
    const { app } = world();
    const quiet = app.task({ name: "tasks.quiet", ignoreResult: true }, (x: number) => x);

    expect(await listOf(await quiet.delay(1))).toEqual([]);
  });

  it("is refused inside a task", async () => {
    const { app, finish } = world();
    const errors: unknown[] = [];
    const add = app.task("tasks.add", (x: number) => x);
    const nosy = app.task("tasks.nosy", async () => {
      const result = await add.delay(1);
      errors.push(await listOf(result).catch((error: unknown) => error));
    });

    await nosy.delay();
    await finish();

    expect(errors).toEqual([expect.any(GetInsideTaskError)]);
  });
});

describe("get()", () => {
  it("tells onMessage each state, and callback the end", async () => {
    const { count, goOn, drain } = counting();
    const result = await count.delay();
    const states: unknown[] = [];
    const ends: unknown[] = [];

    const waiting = result.get({
      onMessage: ({ status, result: info }) => void states.push([status, info]),
      callback: (id, value) => void ends.push([id, value]),
    });
    const draining = drain();
    await goOn(states);
    await Promise.all([waiting, draining]);

    expect(states).toEqual([
      ["STARTED", expect.anything()],
      ["PROGRESS", { at: 1, of: 2 }],
      ["PROGRESS", { at: 2, of: 2 }],
      ["SUCCESS", "done"],
    ]);
    expect(ends).toEqual([[result.id, "done"]]);
  });

  it("calls nobody back when it throws", async () => {
    const { app, finish } = world();
    const ends: unknown[] = [];
    const boom = app.task("tasks.boom", (): number => {
      throw new RangeError("too far");
    });
    const result = await boom.delay();
    await finish();

    await expect(result.get({ callback: (id) => void ends.push(id) })).rejects.toThrow("too far");
    expect(ends).toEqual([]);
  });
});
