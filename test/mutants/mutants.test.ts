/**
 * Whether tests notice when a mechanism is taken away: each mutant is applied to a copy of the tree, where the test that is
 * named for it has to fail, and to fail by what it asserts. Without any mutant it passes there.
 */

import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { apply, folder, mutants } from "./mutant.ts";
import { copyTree, removeTree, repository } from "./tree.ts";
import { tryTest } from "./trial.ts";

it("each patch of this folder is one of the seventeen mutants", () => {
  const patches = readdirSync(folder).filter((file) => file.endsWith(".patch"));

  expect(mutants.map(({ name }) => `${name}.patch`).toSorted()).toEqual(patches.toSorted());
  expect(patches).toHaveLength(17);
});

it.each(mutants)("the patch $name still fits", (mutant) => {
  expect(() => apply(mutant, repository, "check")).not.toThrow();
});

describe.skipIf(process.env["UMBEL_TEST_LEVEL"] !== "full")(
  "a mechanism that is taken away",
  { timeout: 900_000 },
  () => {
    let tree = "";
    beforeAll(() => void (tree = copyTree()));
    afterAll(() => removeTree(tree));

    it.each(mutants)("is missed: $name", async (mutant) => {
      const before = await tryTest(tree, mutant.killer);
      apply(mutant, tree);
      onTestFinished(() => apply(mutant, tree, "back"));

      const without = await tryTest(tree, mutant.killer);

      expect({ before, without }).toEqual({ before: "passed", without: "failed" });
    });
  },
);
