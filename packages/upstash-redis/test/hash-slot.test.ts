import { describe, expect, it } from "vitest";
import { slotOf, textIn } from "../src/hash-slot.ts";

describe("a slot of a cluster", () => {
  it.each([
    ["123456789", 12_739],
    ["celery-task-meta-a}b", 7302],
    ["", 0],
  ])("is reckoned from %j as Redis does", (key, slot) => {
    expect(slotOf(key)).toBe(slot);
  });

  it("has a short text in it, whichever it is", () => {
    const slots = [0, 1, 8191, 8192, 16_383, ...Array.from({ length: 20 }, (_, nth) => nth * 811)];

    expect(slots.map((slot) => slotOf(textIn(slot)))).toEqual(slots);
    expect(slots.map((slot) => textIn(slot)).filter((text) => !/^[0-9a-z]{1,4}$/.test(text))).toEqual([]);
  });
});
