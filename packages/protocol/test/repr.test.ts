import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeEnvelope, parseJson, repr, reprArgs, reprKwargs, writeJson } from "../src/index.ts";
import { capture, captureNames } from "./captures.ts";
import { hasPython, python } from "./python.ts";
import { runs } from "./runs.ts";

describe("reprArgs and reprKwargs", () => {
  it("look as Celery prints a call", () => {
    expect(reprArgs([5, 5])).toBe("(5, 5)");
    expect(reprArgs([2])).toBe("(2,)");
    expect(reprArgs([])).toBe("()");
    expect(reprKwargs({})).toBe("{}");
    expect(reprKwargs({ debug: true, why: null })).toBe("{'debug': True, 'why': None}");
    expect(`args:${reprArgs([4, 0])} kwargs:${reprKwargs({})}`).toBe("args:(4, 0) kwargs:{}");
  });

  it.each(captureNames().filter(isPlain))("are what Celery wrote in %s", async (name) => {
    const tasks = capture(name).messages.filter(({ list }) => !list.endsWith("pidbox"));

    for (const { headers, body } of await Promise.all(tasks.map(({ raw }) => decodeEnvelope(raw)))) {
      expect([reprArgs(body[0]), reprKwargs(body[1])]).toEqual([headers.argsrepr, headers.kwargsrepr]);
    }
  });
});

describe("repr", () => {
  it.skipIf(!hasPython())("is Python's own of the same JSON", () => {
    const values = fc.sample(plainValue, runs);
    const theirs = python(
      "import json, sys; print(json.dumps([repr(value) for value in json.load(sys.stdin)]))",
      writeJson(values),
    );

    expect(values.map((value) => repr(value, Infinity))).toEqual(parseJson(theirs));
  });

  it.each([
    ["it's", `"it's"`],
    [`"it's"`, String.raw`'"it\'s"'`],
    ["a\\b\n\r\t\0", String.raw`'a\\b\n\r\t\x00'`],
    ["\u0085", String.raw`'\x85'`],
    ["a\u202eb\u2066c", String.raw`'a\u202eb\u2066c'`],
    ["a b\u00a0c\u2028\u3000", String.raw`'a b\xa0c\u2028\u3000'`],
    ["\u061c\u{e0001}\ue000\u{1f33c}漢", `'${String.raw`\u061c\U000e0001\ue000`}\u{1f33c}漢'`],
    [Number.NaN, "nan"],
    [-Infinity, "-inf"],
    [-0, "-0.0"],
    [0.0001, "0.0001"],
    [0.00009867600010693423, "9.867600010693423e-05"],
    [-1e-7, "-1e-07"],
    [1e-300, "1e-300"],
    [2n ** 70n, "1180591620717411303424"],
    [undefined, "None"],
    [new TypeError("x"), "TypeError('x')"],
    [new Date(0), "Date('1970-01-01T00:00:00.000Z')"],
    [new Date(Number.NaN), "Date(nan)"],
    [new Map(), "<Map>"],
    [reprArgs, "<function reprArgs>"],
    [
      (
        () => () =>
          1
      )(),
      "<function anonymous>",
    ],
    [Symbol("x"), "Symbol(x)"],
  ])("prints %o", (value, text) => {
    expect(repr(value)).toBe(text);
  });

  it("prints half of a character by its number", () => {
    expect(repr("\ud800")).toBe(String.raw`'\ud800'`);
  });

  it("is cut to the length asked for, between characters", () => {
    expect(repr("x".repeat(5000))).toHaveLength(1024);
    expect(repr([1, 2, 3, 4, 5], 10)).toBe("[1, 2, ...");
    expect(repr("aaaa😀bb", 9)).toBe("'aaaa...");
    expect(repr("abc", 5)).toBe("'abc'");
    expect(repr("abc", 2)).toBe("...");
  });

  it("ends at a value that contains itself, and at a hundred levels", () => {
    const list: unknown[] = [1];
    list.push(list);
    let deep: unknown = 1;
    for (let level = 0; level < 10_000; level++) deep = [deep];

    expect(repr(list)).toBe("[1, ...]");
    expect(repr(deep)).toBe(`${"[".repeat(100)}...${"]".repeat(100)}`);
  });

  it("does not walk a large value to its end", () => {
    const shared = Array.from({ length: 50 }, (_, index) => index);
    let wide: unknown = shared;
    for (let level = 0; level < 20; level++) wide = [wide, wide, wide];

    expect(repr(wide)).toHaveLength(1024);
  });
});

/** Values whose kinds JSON tells apart as Python does: no floats that are whole, no keys that JavaScript sorts. */
const plainValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.string({ unit: fc.constantFrom("a", "é", "'", '"', "\\", "\n", "\0", "✓", "😀", " ") }),
    fc.integer(),
    fc.bigInt().filter((value) => value > Number.MAX_SAFE_INTEGER),
    fc.constantFrom(0.5, -1.25, 1e100),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z']{1,8}$/), tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

/** Not those with tuples, whole floats and dates in their arguments, or a text of the user's for them. */
function isPlain(name: string): boolean {
  return !/argsrepr|long-repr|rich-types|serializer|values|signature-json|send-task|not-registered|wrong-arguments|chunks|map|float/.test(
    name,
  );
}
