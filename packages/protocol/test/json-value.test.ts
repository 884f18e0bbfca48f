import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assertJson, EncodeError, writeJson } from "../src/index.ts";
import { runs } from "./runs.ts";

class Point {
  readonly x = 1;
}

describe("assertJson", () => {
  it.each([
    [[1n], "args[0]: a BigInt is not JSON; pass its text, value.toString()"],
    [[[undefined]], "args[0][0]: undefined is not JSON; pass null"],
    [[{ on: { done: () => 1 } }], "args[0].on.done: a function is not JSON; pass data, or the name of a task"],
    [[Symbol("x")], "args[0]: a symbol is not JSON; pass its description"],
    [[1, { when: new Date(0) }], "args[1].when: a Date is not JSON; pass value.toISOString()"],
    [[new Map()], "args[0]: a Map is not JSON; pass Object.fromEntries(value)"],
    [[new Set()], "args[0]: a Set is not JSON; pass [...value]"],
    [[new TypeError("x")], "args[0]: an Error is not JSON; pass its name and message"],
    [[new Uint8Array()], "args[0]: binary data is not JSON; pass it in base64"],
    [[new Point()], "args[0]: an instance of Point is not JSON; pass a plain object"],
    [[new URL("http://a/")], "args[0]: an instance of URL is not JSON; pass a plain object"],
    [[Number.NaN], "args[0]: NaN is not JSON; pass null or a text"],
    [[-Infinity], "args[0]: -Infinity is not JSON; pass null or a text"],
    [[{ "first name": 1n }], 'args[0]["first name"]: a BigInt is not JSON; pass its text, value.toString()'],
    [Array.from({ length: 1 }), "args[0]: undefined is not JSON; pass null"],
  ])("says where in %o something is no JSON, and what to do", (args, message) => {
    expect(() => assertJson(args, "args")).toThrow(new EncodeError(message));
  });

  it("says that half of a character is no text", () => {
    const message = "args[0]: half a surrogate pair is not text; cut texts between characters";

    expect(() => assertJson(["a\ud800"], "args")).toThrow(new EncodeError(message));
  });

  it("lets a member be undefined, for it is left out", () => {
    expect(() => assertJson([{ a: undefined, b: { c: undefined } }], "args")).not.toThrow();
  });

  it("tells a value that contains itself", () => {
    const order: { items: unknown[] } = { items: [] };
    order.items.push({ order });

    expect(() => assertJson(order, "result")).toThrow("result.items[0].order: this value contains itself");
  });

  it("lets one object stand in two places", () => {
    const shared = { a: 1 };
    expect(() => assertJson([shared, { shared }], "args")).not.toThrow();
  });

  it("refuses ten thousand levels without overflowing the stack", () => {
    let value: unknown = 1;
    for (let level = 0; level < 10_000; level++) value = [value];

    expect(() => assertJson(value, "args")).toThrow(
      "args: nested more than 1000 levels deep; pass the parts on their own",
    );
  });

  // workerd has one realm only.
  it.skipIf(navigator.userAgent === "Cloudflare-Workers")(
    "knows plain objects of another realm, and without a prototype",
    () => {
      const bare: unknown = Object.assign(Object.create(null), { a: 1 });
      expect(() => assertJson([runInNewContext("({ a: [1] })"), bare], "args")).not.toThrow();
    },
  );

  it("accepts exactly what JSON carries unchanged", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        expect(() => assertJson(value, "value")).not.toThrow();
        expect(JSON.parse(writeJson(value))).toEqual(value);
      }),
      { numRuns: runs },
    );
  });
});
