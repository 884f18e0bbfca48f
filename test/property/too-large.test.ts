/** Delivery, point 14, over a store that takes little at once: whatever has to be left out, every node ends. */

import * as fc from "fast-check";
import { AsyncResult, chain, chord, group, GroupResult, type ResultHandle, Umbel } from "umbel";
import { check } from "umbel/testing";
import { expect, it } from "vitest";
import type { Part } from "./steps.ts";

/** Bytes: little, but enough for a failure that was cut. */
const limits = { maxRequestSize: 40_000, maxMessageSize: 200_000 };

/** Longest text that is drawn: a few of them are too much. */
const most = 9000;

const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 3000 : 150;

/** A canvas to be built; -1 is none. */
type Drawn =
  | { readonly kind: "step"; readonly text: number; readonly error: number; readonly errback: number }
  | { readonly kind: "chain" | "group"; readonly parts: readonly Drawn[] }
  | { readonly kind: "chord"; readonly parts: readonly Drawn[]; readonly body: Drawn };

const { canvas: draw } = fc.letrec<{ canvas: Drawn }>((tie) => ({
  canvas: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({
      kind: fc.constant("step" as const),
      text: fc.oneof({ weight: 3, arbitrary: fc.constant(10) }, fc.integer({ min: 0, max: most })),
      error: fc.constantFrom(-1, -1, 10, 5000),
      errback: fc.constantFrom(-1, 10, most),
    }),
    fc.record({
      kind: fc.constantFrom("chain" as const, "group" as const),
      parts: fc.array(tie("canvas"), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({
      kind: fc.constant("chord" as const),
      parts: fc.array(tie("canvas"), { minLength: 1, maxLength: 3 }),
      body: tie("canvas"),
    }),
  ),
}));

it("ends all of a canvas whose ends are too large, with less of them told", async () => {
  const app = application();
  const left = new Set<string>();
  let refused = 0;

  await check(app, { fc, draw, runs, canvas, kit: { limits } }, async ({ kit, result }) => {
    if (result === undefined) refused += 1;
    for (const { message } of kit.lines) left.add(/which has it without (.*)$/.exec(message)?.[1] ?? "");
    for (const state of await statesIn(result)) expect(state).toMatch(/^(?:SUCCESS|FAILURE|REVOKED)$/);
  });

  expect(refused).toBeLessThan(runs / 2);
  expect(left).toContain("arguments, long texts, errbacks, chords");
  expect([...left].filter((each) => each.includes("followers"))).toEqual([]);

  /** What the store does not take at once is refused at the caller, and nothing of it is sent. */
  function canvas(drawn: Drawn) {
    const built = build(app, drawn);
    return { wire: built.wire, delay: async () => await built.delay().catch(() => undefined) };
  }
});

function application(): Umbel {
  const app = new Umbel("tasks");
  app.task("tasks.step", (...given: readonly unknown[]) => {
    const [error, text] = given.slice(-2);
    if (typeof error === "number" && error >= 0) throw new RangeError("x".repeat(error));
    return text;
  });
  app.task("tasks.told", (..._given: readonly unknown[]) => null);
  return app;
}

function build(app: Umbel, drawn: Drawn): Part {
  const inner = (each: Drawn) => build(app, each);
  switch (drawn.kind) {
    case "step": {
      const { text, error, errback } = drawn;
      const step: Part = app.signature("tasks.step", { args: [error, "y".repeat(text)] });
      return errback < 0 ? step : step.linkError(app.signature("tasks.told", { args: ["z".repeat(errback)] }));
    }
    case "chain":
      return chain(...drawn.parts.map(inner));
    case "group":
      return group(drawn.parts.map(inner));
    case "chord":
      return chord(drawn.parts.map(inner), inner(drawn.body));
  }
}

/** The states of a result, of its members, and of all before it. */
async function statesIn(result: ResultHandle | null | undefined): Promise<readonly string[]> {
  if (result === null || result === undefined) return [];
  const members: readonly ResultHandle[] = result instanceof GroupResult ? result.results : [];
  const states = await Promise.all([...members, result.parent].map(statesIn));
  return [...(result instanceof AsyncResult ? [await result.state()] : []), ...states.flat()];
}
