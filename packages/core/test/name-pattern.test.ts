/** Shell patterns. The vectors are Python's: `fnmatch.fnmatchcase(name, pattern)`. */

import { describe, expect, it } from "vitest";
import { globExpression } from "../src/name-pattern.ts";

describe("a pattern", () => {
  it.each([
    ["worker@shop", "worker@*", true],
    ["worker@shop", "w?rker@shop", true],
    ["worker@shop", "worker", false],
    ["worker@shop", "*shop", true],
    ["worker@a.b", "worker@a?b", true],
    ["worker@axb", "worker@a.b", false],
    ["worker@shop-1", "worker@shop-[0-9]", true],
    ["worker@shop-1", "worker@shop-[!0-9]", false],
    ["worker@shop-x", "worker@shop-[!0-9]", true],
    ["a]b", "a[]]b", true],
    ["a^b", "a[^]b", true],
    ["a[b", "a[b", true],
    ["a{b}", "a{b}", true],
    ["a\nb", "a*b", true],
    ["", "*", true],
  ])("%j fits %j: %s", (name, pattern, fits) => {
    expect(globExpression(pattern).test(name)).toBe(fits);
  });

  it("takes a character beyond the first plane for one", () => {
    expect(globExpression("a?b").test("a\u{1f570}b")).toBe(true);
  });

  it("that cannot be read is refused by its name", () => {
    expect(() => globExpression("shop.[b-a]")).toThrow(/^The pattern "shop\.\[b-a\]" cannot be read: /);
  });
});
