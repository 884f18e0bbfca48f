/** Seconds from now, of a canvas that is stored and started later: they count from when it was sent. */

import { chain, chord, group } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const text = "x".repeat(40_000);

function storing() {
  const home = world();
  const began = home.clock.now();
  const runs: number[] = [];
  const since = (): number => Math.round((home.clock.now() - began) / 1000);
  const length = home.app.task("tasks.length", (given: string) => {
    runs.push(since());
    return given.length;
  });
  const first = home.app.task("tasks.first", (lengths: readonly number[]) => lengths[0] ?? 0);
  return { ...home, runs, length, first };
}

describe("a large canvas whose start is late", () => {
  it("starts when it was to start, and not so much later", async () => {
    const { length, runs, clock, finish } = storing();
    await group(length.s(text).set({ countdown: 100 }), length.s(text))
      .skew(100, 300, 100)
      .delay();
    await clock.advance(60);

    await finish();

    expect(runs).toEqual([100, 200]);
  });

  it("has expired when it is too late for it: members of a group, a header, the first step of a chain", async () => {
    const { length, first, runs, clock, finish } = storing();
    const late = length.s(text).set({ expires: 5 });
    const result = await group(late, chain(late, length.si("")), chord([late, length.s(text)], first.s())).delay();
    await clock.advance(60);

    await finish();

    const expired = { state: "REVOKED", error: { message: "expired" } };
    expect(await result.settled()).toMatchObject([expired, expired, { state: "FAILURE" }]);
    expect(runs).toEqual([60]);
  });

  it("lets a later step count from when its turn has come", async () => {
    const { length, runs, clock, finish } = storing();
    const step = length.si("").set({ countdown: 30, expires: 50 });
    const result = await group(chain(length.s(text), step), length.s(text)).delay();
    await clock.advance(60);

    await finish();

    expect(runs).toEqual([60, 60, 90]);
    expect(await result.successful()).toBe(true);
  });
});
