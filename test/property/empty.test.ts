import * as fc from "fast-check";
import { expect, it } from "vitest";
import { runOnKit } from "./on-kit.ts";
import type { Plan } from "./plan.ts";

/** Chains, groups and chords of one another, with no step in any of them. */
const { empty } = fc.letrec<{ readonly empty: Plan; readonly inner: readonly Plan[] }>((tie) => ({
  empty: fc.oneof(
    { depthSize: "medium" },
    fc.constant<Plan>({ kind: "group", members: [], skewed: false, linkError: [] }),
    tie("inner").map((members): Plan => ({ kind: "group", members, skewed: false, linkError: [] })),
    fc
      .tuple(tie("empty"), tie("inner"), fc.boolean())
      .map(([first, rest, piped]): Plan => ({ kind: "chain", steps: [first, ...rest], piped, linkError: [] })),
    fc
      .tuple(fc.oneof(tie("inner"), tie("empty")), tie("empty"), fc.constantFrom("fail", "collect"))
      .map(([header, body, onError]): Plan => ({ kind: "chord", header, body, onError, linkError: [] })),
  ),
  inner: fc.array(tie("empty"), { maxLength: 3 }),
}));

const count = process.env["UMBEL_TEST_LEVEL"] === "full" ? 5000 : 300;

it(`${count} random canvases without any step are the lists of lists that they are written as`, async () => {
  const property = fc.asyncProperty(empty, async (plan) => {
    const canvas = { plan, input: null, named: null, stamp: null };
    const { wrong } = await runOnKit({ canvas, seed: 1, faults: {}, concurrency: 1, isNarrow: false });
    expect(wrong).toEqual([]);
  });

  await expect(fc.assert(property, { numRuns: count })).resolves.toBeUndefined();
});
