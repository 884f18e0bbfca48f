/** What a test does by hand at a call: only at calls that there are, and never for nothing. */

import { Umbel } from "@umbel/core";
import { testKit } from "@umbel/testing";
import { afterEach, describe, expect, it, vi } from "vitest";

function counting() {
  const app = new Umbel("tasks", { log: () => undefined });
  const count = app.task("tasks.count", () => 1);
  return { app, count };
}

describe("an act", () => {
  it("at a call that no port has is refused, by the compiler and when it runs", async () => {
    await using kit = testKit(counting().app);

    // @ts-expect-error no port has such a method
    const misspelt = () => kit.before("finsh", kit.crash);

    expect(misspelt).toThrow('kit.before: no port has a method "finsh"; there are accepted, active, bury,');
  });

  it("whose call never comes makes the disposal throw", async () => {
    const { app, count } = counting();
    const kit = testKit(app);
    await count.delay();
    kit.before("renew", kit.crash);
    kit.after("join", kit.crash);
    await kit.settle();

    const disposed = kit[Symbol.asyncDispose]();

    await expect(disposed).rejects.toThrow('No such call has come: kit.before("renew", ...), kit.after("join", ...)');
    await using next = testKit(app);
    expect(next.calls).toEqual([]);
  });

  it("that time has not come to is no reason to hide why a test ended before", async () => {
    const { app } = counting();
    const kit = testKit(app);
    kit.before("renew", kit.crash);

    await expect(kit[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });
});

describe("a seed that nobody has chosen", () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each([
    ["two workers' turns are drawn", { concurrency: 2 }, {}],
    ["a fault is drawn", {}, { drop: 0.5 }],
    ["it is drawn how late an aimed push comes", {}, [{ fault: "delay", delivery: 0 }]],
  ] as const)("is printed once when %s", async (_, options, faults) => {
    const { app, count } = counting();
    const printed = vi.spyOn(console, "log").mockImplementation(() => undefined);
    await using kit = testKit(app, options);
    kit.useFaults(faults);
    await count.delay();
    await count.delay();

    await kit.settle();

    const line = `umbel/testing: the same happens again with testKit(app, { ...options, seed: ${kit.seed} })`;
    expect(printed.mock.calls).toEqual([[line]]);
  });

  it.each([
    ["nothing depends on it", {}],
    ["it was chosen after all", { seed: 7, concurrency: 2, faults: { drop: 0.5 } }],
  ])("is not printed where %s", async (_, options) => {
    const { app, count } = counting();
    const printed = vi.spyOn(console, "log").mockImplementation(() => undefined);
    await using kit = testKit(app, options);
    await count.delay();

    await kit.settle();

    expect(printed).not.toHaveBeenCalled();
  });
});
