/** `check` on canvases that are drawn as trees: what of Umbel's own promises it holds, and how small it makes what fails. */

import * as fc from "fast-check";
import { chord, type Signature, Umbel } from "@umbel/core";
import { check } from "@umbel/testing";
import { describe, expect, it } from "vitest";
import { runsOf } from "./pace.ts";

/** A number, or the sum of some. */
type Sum = number | readonly Sum[];

const sums: fc.Arbitrary<Sum> = fc.letrec<{ readonly sum: Sum }>((tie) => ({
  sum: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.nat({ max: 9 }),
    fc.array(tie("sum"), { minLength: 1, maxLength: 3 }),
  ),
})).sum;

function adding() {
  const app = new Umbel("sums", { log: () => undefined, resultExpires: "90d" });
  const begun: string[] = [];
  const one = app.task({ name: "sums.one", bind: true }, (task, value: number) => {
    begun.push(task.request.id);
    return value;
  });
  const total = app.task({ name: "sums.total", bind: true }, (task, values: readonly number[]) => {
    begun.push(task.request.id);
    return values.reduce((sum, each) => sum + each, 0);
  });
  const part = (sum: Sum): Signature<[], number> => (isList(sum) ? chord(sum.map(part), total.s()) : one.s(sum));
  const canvas = (sum: Sum) => {
    begun.length = 0;
    return part(sum);
  };
  return { app, begun, canvas };
}

function isList(sum: Sum): sum is readonly Sum[] {
  return typeof sum !== "number";
}

function valueOf(sum: Sum): number {
  return isList(sum) ? sum.map(valueOf).reduce((all, each) => all + each, 0) : sum;
}

describe("a check of nested chords", () => {
  it("holds that each is the sum of its members, whatever goes wrong", async () => {
    const { app, canvas } = adding();

    await check(
      app,
      { fc, seed: 3, runs: runsOf({ usual: 100, full: 1000, few: 10 }), draw: sums, canvas },
      async ({ drawn, result }) => {
        expect(await result.get()).toBe(valueOf(drawn));
      },
    );
  });

  it("makes a tree that fails as small as it gets", async () => {
    const { app, begun, canvas } = adding();

    const failure = await check(app, { fc, seed: 3, draw: sums, canvas }, ({ drawn }) => {
      if (isList(drawn) && new Set(begun).size < begun.length) throw new Error("A body has begun twice");
    }).then(String, String);

    expect(failure).toContain("\n  chord([sums.one.s(0)], sums.total.s())\n");
    expect(failure.match(/fault: /g)).toHaveLength(1);
  });
});
