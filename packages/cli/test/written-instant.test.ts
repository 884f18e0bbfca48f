import { describe, expect, it } from "vitest";
import { instantIn } from "../src/commands/written-instant.ts";

describe("an instant on a command line", () => {
  it.each([
    ["2026-01-31", "2026-01-31T00:00:00.000Z"],
    ["2026-01-31T07:30", "2026-01-31T07:30:00.000Z"],
    ["2026-01-31 07:30:15.5Z", "2026-01-31T07:30:15.500Z"],
    ["2024-02-29T00:30+01:00", "2024-02-28T23:30:00.000Z"],
    ["2025-12-31T23:30-01:00", "2026-01-01T00:30:00.000Z"],
  ])("is read from %j", (text, instant) => {
    expect(instantIn(text)?.toISOString()).toBe(instant);
  });

  it.each(["2026-02-30", "2026-02-29T07:30+01:00", "2026-04-31T00:00Z", "2026-13-01", "2026-01-01T24:00", "2026-1-1"])(
    "is none in %j",
    (text) => {
      expect(instantIn(text)).toBeUndefined();
    },
  );
});
