/** Which nodes are asked. The vectors of patterns are Python's: `fnmatch.fnmatchcase(name, pattern)`. */

import { describe, expect, it } from "vitest";
import { globOf, isAsked } from "../src/whom.ts";

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
    expect(globOf(pattern).test(name)).toBe(fits);
  });

  it("may be a regular expression, which fits from the beginning", () => {
    const asked = isAsked({ pattern: "worker@(a|b)", matcher: "pcre" });

    expect(["worker@a", "worker@bc", "my-worker@a"].map(asked)).toEqual([true, true, false]);
  });

  it("that cannot be read is refused by name", () => {
    expect(() => isAsked({ pattern: "(", matcher: "pcre" })).toThrow('The pattern "(" cannot be read');
  });
});

describe("a destination", () => {
  it("wins over a pattern, and may be nobody", () => {
    expect(isAsked({ destination: ["a"], pattern: "*" })("b")).toBe(false);
    expect(isAsked({ destination: [] })("a")).toBe(false);
    expect(isAsked({})("a")).toBe(true);
  });
});
