import { chain, chord, group } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

function arithmetic() {
  const made = world();
  const { app } = made;
  return {
    ...made,
    add: app.task("tasks.add", (x: number, y: number) => x + y),
    mul: app.task("tasks.mul", (x: number, y: number) => x * y),
    xsum: app.task("tasks.xsum", (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0)),
    boom: app.task("tasks.boom", (): number => {
      throw new Error("Exception Error");
    }),
  };
}

describe("a chain", () => {
  it("hands each result to the next step", async () => {
    const { add, finish } = arithmetic();

    const result = await chain(add.s(2, 2), add.s(4), add.s(8)).delay();
    await finish();

    expect(await result.get()).toBe(16);
  });

  it("fails every later step for the same reason", async () => {
    const { add, boom, finish } = arithmetic();

    const result = await chain(boom.s(), add.s(4), add.s(8)).delay();
    await finish();

    await expect(result.get()).rejects.toThrow("Exception Error");
    expect(await result.parent?.settled()).toMatchObject({ state: "FAILURE" });
  });
});

describe("a chord", () => {
  it("runs its body once with the results in the header's order", async () => {
    const { add, xsum, finish } = arithmetic();
    const numbers = Array.from({ length: 10 }, (_, index) => index);

    const result = await chord(
      numbers.map((each) => add.s(each, each)),
      xsum.s(),
    ).delay();
    await finish();

    expect(await result.get()).toBe(90);
  });

  it("fails with a ChordError that names the member", async () => {
    const { add, boom, xsum, finish } = arithmetic();

    const result = await chord([add.s(1, 1), boom.s()], xsum.s()).delay();
    await finish();

    await expect(result.get()).rejects.toThrow(/Dependency .* raised Error\('Exception Error'\)/);
  });

  it("collects ends when it is told to", async () => {
    const { app, add, boom, finish } = arithmetic();
    const states = app.task("tasks.states", (ends: readonly { readonly state: string }[]) =>
      ends.map((end) => end.state),
    );

    const result = await chord([add.s(1, 1), boom.s()], states.s(), { onError: "collect" }).delay();
    await finish();

    expect(await result.get()).toEqual(["SUCCESS", "FAILURE"]);
  });
});

describe("a group", () => {
  it("gives its results as a list in order", async () => {
    const { add, finish } = arithmetic();

    const result = await group([add.s(1, 1), add.s(2, 2)]).delay();
    await finish();

    expect(await result.get()).toEqual([2, 4]);
  });

  it("is an empty list when it is empty", async () => {
    const result = await group([]).delay();

    expect(await result.get()).toEqual([]);
  });
});
