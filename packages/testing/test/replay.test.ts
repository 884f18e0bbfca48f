import { chain, chord, Umbel } from "@umbel/core";
import { type Faults, type FiredFault, testKit } from "@umbel/testing";
import { describe, expect, it } from "vitest";
import { everyFault } from "./every-fault.ts";
import { runsOf } from "./pace.ts";

describe("a seed", () => {
  it("makes the same run again, and so do the faults that fired: ids, order, faults, values and times", async () => {
    const fired = new Set<FiredFault["fault"]>();
    for (let seed = 0; seed < seeds; seed += 1) {
      const concurrency = 4 - (seed % 4);
      const first = await play({ seed, concurrency, faults: everyFault });
      for (const { fault } of first.fired) fired.add(fault);

      expect(first.value).toBe(25);
      expect(await play({ seed, concurrency, faults: everyFault })).toEqual(first);
      expect(await play({ seed, concurrency, faults: first.fired })).toEqual(first);
    }
    expect([...fired].toSorted()).toEqual(Object.keys(everyFault).toSorted());
  });

  it("of another number makes another run", async () => {
    const one = await play({ seed: 1, concurrency: 4, faults: {} });
    const other = await play({ seed: 2, concurrency: 4, faults: {} });

    expect(one.ids[0]).not.toBe(other.ids[0]);
  });
});

const seeds = runsOf({ usual: 40, full: 400, few: 4 });

async function play(options: { readonly seed: number; readonly faults: Faults; readonly concurrency: number }) {
  const app = new Umbel("tasks", { log: () => undefined });
  const add = app.task("tasks.add", (x: number, y: number) => x + y);
  const xsum = app.task("tasks.xsum", (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0));
  await using kit = testKit(app, options);
  // So many at once that a reordered push has several to choose from.
  const header = [add.s(2, 2), chain(add.s(1, 1), add.s(2)), ...[4, 1, 1, 1, 1].map((each) => add.s(each, each))];
  const result = await chain(chord(header, xsum.s()), add.s(1)).delay();
  await kit.settle();
  return {
    value: await result.get(),
    ended: kit.now(),
    calls: [...kit.calls],
    fired: kit.fired,
    ids: kit.pushes.map(({ taskId }) => taskId),
    messages: kit.pushes.map(({ messageId }) => messageId),
    answers: kit.answers,
  };
}
