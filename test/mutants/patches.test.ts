import { describe, expect, it } from "vitest";
import { misfitOf, mutants } from "./mutant.ts";
import { repository } from "./tree.ts";

describe.skipIf(process.env["UMBEL_TEST_LEVEL"] !== "full")("each of the eight mutants", () => {
  it.each(mutants)("can still be made: %s", (mutant) => {
    expect(misfitOf(mutant, repository)).toBeUndefined();
  });

  it("is there", () => {
    expect(mutants).toHaveLength(8);
  });
});
