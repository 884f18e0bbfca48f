import { describe, expect, it } from "vitest";
import { isAsked } from "../src/whom.ts";

describe("a pattern", () => {
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
