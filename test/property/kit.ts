/**
 * The test of random canvases on the kit, in halves: two files of them take both of two processors.
 *
 * @module
 */

import { expect, it } from "vitest";
import { printCounts, shortfalls } from "./features.ts";
import { floors, runCases } from "./kit-cases.ts";

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";
const count = isFull ? 5000 : 150;

/** Runs half of the cases; the other half has other seeds. */
export function testHalf(half: 0 | 1): void {
  // Each full run looks at other canvases; so few as there are otherwise would miss a floor now and then.
  const drawn = isFull ? Date.now() % 2 ** 30 : 2026;
  const seed = Number(process.env["UMBEL_TEST_SEED"] ?? drawn) + half * 2 ** 30;

  it(
    `${count} random canvases under every fault end as they must (seed ${seed})`,
    async () => {
      const { failure, counts } = await runCases(count, seed);

      expect(failure).toBeUndefined();
      console.log(`${count} canvases under faults, seed ${seed}: ${printCounts(counts)}`);
      expect(shortfalls(counts, floors, count)).toEqual([]);
    },
    isFull ? 900_000 : 300_000,
  );
}
