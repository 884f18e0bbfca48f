/** What an error shows of a value. */

import { expect, it } from "vitest";
import { shownValue } from "../src/shown-value.ts";

const loop: Record<string, unknown> = {};
loop["self"] = loop;

it.each([
  ["soon", '"soon"'],
  [Number.NaN, "NaN"],
  [undefined, "undefined"],
  [null, "null"],
  [new Date(Number.NaN), "Invalid Date"],
  [-9_007_199_254_740_993n, "-9007199254740993"],
  [{ "": [2n ** 60n] }, '{"":["1152921504606846976n"]}'],
  [() => 1, "a function"],
  [Symbol("one"), "a symbol"],
  [loop, "what JSON cannot hold"],
  ["x".repeat(100), `"${"x".repeat(79)}...`],
])("a value is shown for what it is: %#", (value, says) => {
  expect(shownValue(value)).toBe(says);
});
