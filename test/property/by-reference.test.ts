/** Delivery, point 4, under every fault: what is too long for messages comes back whole, and every canvas ends as it must. */

import * as fc from "fast-check";
import { chain, chord, group, Umbel } from "umbel";
import { check } from "umbel/testing";
import { expect, it } from "vitest";
import type { Part } from "./steps.ts";

/** Bytes: arguments of a few steps are too many. */
const limits = { maxMessageSize: 20_000 };

const drawnError = "fails as it was drawn";

const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 1000 : 150;

/** A canvas to be built. */
type Drawn =
  /** `text` and `pad`: characters that a step is given, and that it returns. */
  | { readonly kind: "step"; readonly text: number; readonly pad: number; readonly fails: boolean }
  | { readonly kind: "chain" | "group"; readonly parts: readonly Drawn[] }
  | { readonly kind: "chord"; readonly parts: readonly Drawn[]; readonly body: Drawn };

const step = fc.record({
  kind: fc.constant("step" as const),
  text: fc.constantFrom(1, 1, 20, 3000, 6000, 25_000),
  pad: fc.constantFrom(1, 1, 1, 15_000),
  fails: fc.integer({ min: 0, max: 19 }).map((nth) => nth === 19),
});

const { canvas: draw } = fc.letrec<{ canvas: Drawn }>((tie) => ({
  canvas: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    step,
    fc.record({
      kind: fc.constantFrom("chain" as const, "chain" as const, "group" as const),
      parts: fc.array(tie("canvas"), { minLength: 1, maxLength: 6 }),
    }),
    fc.record({
      kind: fc.constant("chord" as const),
      parts: fc.array(tie("canvas"), { minLength: 1, maxLength: 3 }),
      body: tie("canvas"),
    }),
  ),
}));

it("brings back whole what was too long for messages, and ends every canvas as it must", async () => {
  const app = application();
  const canvas = (drawn: Drawn) => build(app, drawn);
  const seen = { saved: 0, loaded: 0, failed: 0, fired: 0 };

  await check(app, { fc, draw, runs, canvas, kit: { limits } }, async ({ kit, drawn, result }) => {
    if (kit.calls.includes("saveAll")) seen.saved += 1;
    if (kit.calls.includes("loadAll")) seen.loaded += 1;
    if (kit.fired.length > 0) seen.fired += 1;
    const end = await result.get({ timeout: 1 }).then(total, reasonOf);
    if (typeof end === "string") seen.failed += 1;
    expect(end).toBe(sumOf(drawn, 0) ?? drawnError);
    expect(kit.lines.filter(({ level }) => level === "CRITICAL")).toEqual([]);
  });

  expect(seen.saved).toBeGreaterThan(runs / 3);
  expect(seen.loaded).toBeGreaterThan(runs / 20);
  expect(seen.failed).toBeGreaterThan(runs / 20);
  expect(seen.fired).toBeGreaterThan(runs / 4);
});

/** A step answers how many characters were given to it and to what came before it. */
function application(): Umbel {
  const app = new Umbel("tasks");
  app.task("tasks.step", (...given: readonly unknown[]) => {
    const [fails, pad, text] = given.slice(-3);
    if (fails === true) throw new RangeError(drawnError);
    return { sum: total(given.slice(0, -3)) + String(text).length, pad: "y".repeat(Number(pad)) };
  });
  return app;
}

/** Why a canvas has failed; a chord tells what of it has. */
function reasonOf(error: unknown): string {
  return String(error).includes(drawnError) ? drawnError : String(error);
}

/** What the steps in a value have counted, and what they have returned besides. */
function total(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, each: unknown) => sum + total(each), 0);
  if (typeof value !== "object" || value === null || !("sum" in value) || !("pad" in value)) return Number.NaN;
  return Number(value.sum) + String(value.pad).length;
}

/** What a canvas comes to that is given `before`; undefined when it fails. */
function sumOf(drawn: Drawn, before: number): number | undefined {
  switch (drawn.kind) {
    case "step":
      return drawn.fails ? undefined : before + drawn.text + drawn.pad;
    case "chain":
      return drawn.parts.reduce<number | undefined>(
        (sum, each) => (sum === undefined ? sum : sumOf(each, sum)),
        before,
      );
    case "group":
      return sumOfAll(drawn.parts, before);
    case "chord": {
      const header = sumOfAll(drawn.parts, before);
      return header === undefined ? undefined : sumOf(drawn.body, header);
    }
  }
}

function sumOfAll(parts: readonly Drawn[], before: number): number | undefined {
  return parts.reduce<number | undefined>((sum, each) => {
    const own = sumOf(each, before);
    return sum === undefined || own === undefined ? undefined : sum + own;
  }, 0);
}

function build(app: Umbel, drawn: Drawn): Part {
  switch (drawn.kind) {
    case "step":
      return app.signature("tasks.step", { args: [drawn.fails, drawn.pad, "x".repeat(drawn.text)] });
    case "chain":
      return chain(...drawn.parts.map((each) => build(app, each)));
    case "group":
      return group(drawn.parts.map((each) => build(app, each)));
    case "chord":
      return chord(
        drawn.parts.map((each) => build(app, each)),
        build(app, drawn.body),
      );
  }
}
