import { chain, chord, group, type ResultHandle, type Signature } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

type Part = Signature<unknown[], unknown, ResultHandle>;

/** One list as a member: a chain that ends in a group counts once (delivery.md 15). */
const nested = () => group([chain(group([]))]);

describe("a canvas without any step", () => {
  it.each([
    ["a group", group([]), []],
    ["a group directly inside a group", group([group([])]), []],
    ["a chain that ends in a group, in a group", nested(), [[]]],
    ["two of them", group([chain(group([])), chain(group([]))]), [[], []]],
    ["a chord in a group", group([chord([], group([]))]), [[]]],
    ["one list in another", group([chain(nested())]), [[[]]]],
    ["a chain of a group", chain(nested()), [[]]],
    ["a chain that ends in one list", chain(group([]), nested()), [[]]],
    ["a chord whose body is one list", chord([chain(group([]))], nested()), [[]]],
  ])("has the shape that it is written in: %s", async (_, canvas, value) => {
    const result = await canvas.delay();

    expect(await result.get()).toEqual(value);
    expect([await result.state(), await result.ready(), await result.successful()]).toEqual(["SUCCESS", true, true]);
  });

  it("nests as deep as one likes", async () => {
    const none: readonly Part[] = [];
    const deep = Array.from({ length: 100 }).reduce<Part>((inner) => {
      const header: readonly Part[] = [inner];
      const members: readonly Part[] = [chord(header, group(none))];
      return group(members);
    }, group(none));

    expect(await (await deep.delay()).get()).toEqual([[]]);
  });

  it("has a parent for each step before, with the list that it handed on", async () => {
    const { parent } = await chain(group([chain(nested())]), group([])).delay();

    expect(await parent?.get()).toEqual([[[]]]);
    expect(parent?.parent).toBeNull();
  });

  it("has the value of the same canvas beside a step", async () => {
    const { app, finish } = world();
    const one = app.task("tasks.one", () => 1);
    const result = await group([one.s(), chain(nested())]).delay();

    await finish();

    expect(await result.get()).toEqual([1, [[]]]);
  });

  it("is refused when it is an empty chain, as one that belongs to an application is", async () => {
    const steps = [group([])].slice(1);

    await expect(chain(...steps).delay()).rejects.toThrow("An empty chain cannot be sent");
  });
});
