import { chain, chord, freeze, group, outlined, outlineOf } from "@umbel/canvas";
import { InvalidMessageError } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { atRoot, task } from "./build.ts";

describe("an outline", () => {
  it("is as short as a canvas is regular", () => {
    const members = Array.from({ length: 10_000 }, (_, index) => chain([task("double", index), task("next")]));
    const { signature } = freeze(chord(members, task("sum")), atRoot);

    expect(outlineOf(signature)).toEqual([[1, "chord", [[10_000, "chain", [[2]]]], [[1]]]]);
  });

  it("keeps apart what differs", () => {
    const canvas = group([task("a"), chain([task("b"), task("c")]), task("d")]);

    expect(outlineOf(canvas)).toEqual([[1, "group", [[1], [1, "chain", [[2]]], [1]]]]);
  });
});

it("takes no longer for what lies deep", () => {
  let canvas = task("a");
  for (let depth = 0; depth < 100; depth += 1) canvas = chord([task("b"), task("c")], canvas);

  expect(outlined(outlineOf(canvas)).subtask_type).toBe("chord");
});

describe("what is no outline is refused", () => {
  it.each([
    ["nothing", undefined],
    ["an empty one", []],
    ["two canvases", [[2]]],
    ["no list", [1]],
    ["no number", [["1"]]],
    ["half a number", [[1, "group", [[0.5]]]]],
    ["none of them", [[1, "group", [[0]]]]],
    ["another kind", [[1, "tree", [[1]]]]],
    ["a chord with two bodies", [[1, "chord", [[1]], [[2]]]]],
    ["one of too many nodes", [[1, "group", [[1_000_001]]]]],
    ["one of too many nodes at once", [[1, "group", [[2000, "group", [[2000]]]]]]],
  ])("%s", (_, outline) => {
    expect(() => outlined(outline)).toThrow(InvalidMessageError);
  });
});
