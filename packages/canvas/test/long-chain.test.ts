import { chain, expand, freeze, group } from "@umbel/canvas";
import type { Signature } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { atRoot, task } from "./build.ts";

/** So many that copying the steps once for each step would take minutes. */
const count = 100_000;
const steps = Array.from({ length: count }, () => task("step"));

describe("a chain of a hundred thousand steps", () => {
  it.each<[how: string, make: () => Signature]>([
    ["steps alone", () => chain(steps)],
    ["chains in a chain", () => chain([chain(steps.slice(1)), task("step")])],
    ["as a foreign writer may have it", () => ({ ...chain([]), kwargs: { tasks: steps } })],
  ])("is made, frozen and sent by one call that carries the rest: %s", (_, make) => {
    const [first, ...others] = expand(freeze(make(), atRoot).signature);

    expect(others).toEqual([]);
    expect(first?.embed.chain).toHaveLength(count - 1);
    expect(first?.embed.chain?.at(0)?.options.task_id).toBe("root");
  });

  it("is the body of a chord when it begins with a group", () => {
    const [member] = expand(freeze(chain([group([task("member")]), ...steps]), atRoot).signature);

    expect(member?.embed.chord?.options.chain ?? member?.embed.chord?.kwargs["tasks"]).toHaveLength(count);
  });
});
