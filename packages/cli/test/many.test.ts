import { describe, expect, it } from "vitest";
import { leftOut } from "../src/commands/left-out.ts";
import { countLine } from "../src/commands/node-reply.ts";
import { many } from "../src/many.ts";

describe("how many there are", () => {
  it.each([
    [0, "0 events"],
    [1, "1 event"],
    [2, "2 events"],
  ])("is said in the number of %i", (count, said) => {
    expect(many(count, "event")).toBe(said);
  });

  it("has its verb in the same number", () => {
    expect([leftOut(1), leftOut(6)]).toEqual([
      "1 event made no sense, and is left out",
      "6 events made no sense, and are left out",
    ]);
    expect([countLine(1), countLine(0)]).toEqual(["1 node online.", "0 nodes online."]);
  });
});
