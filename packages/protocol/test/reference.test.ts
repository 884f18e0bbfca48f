import { describe, expect, it } from "vitest";
import {
  decodePush,
  decodeSignature,
  encodePush,
  InvalidMessageError,
  namesOf,
  type Reference,
  referenceIn,
  referring,
} from "../src/index.ts";

const hash = "0c4a6a2e-5f0b-5d6e-9a51-2f6d1f6f3a10";
const reference: Reference = { root: "r", hash, at: 1, of: 3, until: 1_800_000_000_000 };

/** The body of a push of a message that refers to this. */
function pushWith(given: unknown): string {
  const embed = { callbacks: null, errbacks: null, chain: null, chord: null, given };
  return JSON.stringify({ v: 1, headers: { task: "tasks.add", id: "1" }, properties: {}, body: [[], {}, embed] });
}

describe("a reference", () => {
  it("names its texts, from the first that is meant", () => {
    expect(namesOf(reference)).toEqual([`stored:r:${hash}:1`, `stored:r:${hash}:2`]);
  });

  it("stands in the place of a signature, and is found there again", () => {
    const signature = referring(reference, { task_id: "last" });

    expect(decodeSignature(structuredClone(signature))).toEqual(signature);
    expect(referenceIn(signature)).toEqual(reference);
    expect(referenceIn({ ...signature, task: "tasks.add" })).toBeUndefined();
  });

  it("travels in a message's embed", async () => {
    const message = await decodePush(pushWith(reference));

    expect(message.body[2]?.given).toEqual(reference);
    expect(await decodePush(encodePush(message))).toEqual(message);
  });

  it.each([
    ["no root", { ...reference, root: "" }],
    ["a hash that is none", { ...reference, hash: "../beat" }],
    ["a negative place", { ...reference, at: -1 }],
    ["half a text", { ...reference, of: 1.5 }],
    ["more texts than there can be", { ...reference, of: 1e9 }],
    ["no instant", { ...reference, until: "never" }],
    ["a text", "stored"],
  ])("is refused with %s", async (_, forged) => {
    await expect(decodePush(pushWith(forged))).rejects.toThrow(InvalidMessageError);
    const kwargs = typeof forged === "string" ? { forged } : forged;
    expect(() => decodeSignature({ task: "umbel.stored", kwargs })).toThrow(InvalidMessageError);
  });
});
