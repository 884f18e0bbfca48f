/** How large messages get: short ones, whatever the canvas, and all together as large as it has calls. */

import { chain, chord, type Signature } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** A canvas, or a part of one. */
type Part = Signature<readonly unknown[], unknown, { get(): Promise<unknown> }>;

/** Sends a canvas of steps that count, and measures its messages. */
async function sizesOf(build: (step: () => Part) => Part) {
  const { app, finish, pushes } = world();
  app.task("tasks.step", (...given: readonly unknown[]) => given.flat().length + 1);
  const result = await build(() => app.signature("tasks.step")).delay();
  await finish();
  const bytes = pushes.map(({ body }) => body.length);
  const total = bytes.reduce((sum, each) => sum + each, 0);
  return { value: await result.get(), count: bytes.length, first: bytes[0], largest: Math.max(...bytes), total };
}

function chainOf(steps: number) {
  return (step: () => Part): Part => chain(...Array.from({ length: steps }, step));
}

/** Chords of ten, the body of each a chord again. */
function chordsOf(depth: number) {
  return (step: () => Part): Part => {
    const header: readonly Part[] = Array.from({ length: 10 }, step);
    return chord(header, depth === 1 ? step() : chordsOf(depth - 1)(step));
  };
}

/** Chords of ten, one after the other. */
function chordsInChain(count: number) {
  return (step: () => Part): Part =>
    chain(...Array.from({ length: count }, () => chord(Array.from({ length: 10 }, step), step())));
}

describe("the messages of a chain", () => {
  it("of 400 steps are short, from the first on", async () => {
    const { value, count, first, largest } = await sizesOf(chainOf(400));

    expect({ value, count }).toEqual({ value: 2, count: 400 });
    expect(first).toBeLessThan(8000);
    expect(largest).toBeLessThan(8000);
  });

  it("grow in number, not in size, with the chain", async () => {
    const short = await sizesOf(chainOf(200));
    const long = await sizesOf(chainOf(800));

    expect(long.total / short.total).toBeLessThan(4.4);
  });
});

describe("the messages of chords of ten in the bodies of chords", () => {
  it("are short five deep, and together no larger than their calls", async () => {
    const one = await sizesOf(chordsOf(1));
    const five = await sizesOf(chordsOf(5));

    expect(five.count).toBe(51);
    expect(five.largest).toBeLessThan(8000);
    expect(five.total).toBeLessThan(250_000);
    expect(five.total / five.count).toBeLessThan(3 * (one.total / one.count));
  });

  it("are together ten times as large in forty as in four that follow one another", async () => {
    const four = await sizesOf(chordsInChain(4));
    const forty = await sizesOf(chordsInChain(40));

    expect(forty.largest).toBeLessThan(16_000);
    expect(forty.total / four.total).toBeLessThan(12);
  });
});
