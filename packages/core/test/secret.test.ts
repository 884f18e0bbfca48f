import { describe, expect, it } from "vitest";
import { isSameSecret } from "../src/secret.ts";

describe("two secrets", () => {
  it.each([
    { one: "secret", other: "secret", same: true },
    { one: "secret", other: "Secret", same: false },
    { one: "secret", other: "secret2", same: false },
    { one: "", other: "", same: true },
    { one: "ünï", other: "ünï", same: true },
  ])("$one and $other are the same: $same", async ({ one, other, same }) => {
    expect(await isSameSecret(one, other)).toBe(same);
  });
});
