/** What a worker makes only to put it in a task's place. */

import { signature } from "@umbel/canvas";
import { NotRegistered } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { bindSignature, type NamedSignature } from "../src/signature.ts";
import { standIn } from "../src/stand-in.ts";

describe("a signature that only takes a task's place", () => {
  const made: NamedSignature<unknown> = bindSignature(standIn, signature("shop.add", { args: [1, 2] }));

  it("says what it is of", () => {
    expect(String(made)).toBe("shop.add(1, 2)");
  });

  it("is neither sent nor called", async () => {
    await expect(made.delay()).rejects.toThrow(NotRegistered);
    await expect(made()).rejects.toThrow(NotRegistered);
  });
});
