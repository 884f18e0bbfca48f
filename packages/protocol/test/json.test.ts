import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EncodeError, InvalidMessageError, parseJson, writeJson } from "../src/index.ts";
import { arbitraryJson } from "./arbitrary-json.ts";
import { hasPython, python } from "./python.ts";
import { runs } from "./runs.ts";

describe("parseJson", () => {
  it("reads Python's words for what numbers JSON has not", () => {
    expect(parseJson("[NaN, Infinity, -Infinity]")).toEqual([Number.NaN, Infinity, -Infinity]);
  });

  it.each([
    ["9007199254740991", 9_007_199_254_740_991],
    ["9007199254740992", 9_007_199_254_740_992n],
    ["-9007199254740993", -9_007_199_254_740_993n],
    ["1180591620717411303424", 2n ** 70n],
    ["1e17", 1e17],
    ["12345678901234567890.5", 12_345_678_901_234_567_000],
    ["0.1234567890123456789", 0.123_456_789_012_345_68],
  ])("reads %s without loss", (text, value) => {
    expect(parseJson(text)).toBe(value);
  });

  it("takes __proto__ for a name like any other", () => {
    for (const text of ['{"__proto__": {"admin": true}}', '{"__proto__": {"admin": true}, "n": NaN}']) {
      const value = parseJson(text);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(Object.hasOwn(Object(value), "__proto__")).toBe(true);
      expect(Object(value)).not.toHaveProperty("admin");
    }
  });

  it("keeps the last of two members of one name", () => {
    expect(parseJson('{"a": NaN, "a": 2}')).toEqual({ a: 2 });
  });

  it.each([
    ["0: a value is missing", ""],
    ["3: a value is missing", "[1,]"],
    ["1: a member's name in double quotes is missing", "{'a': 1}"],
    ['5: ":" is missing', '{"a" 1}'],
    ['3: "]" is missing', "[1 2]"],
    ['4: "]" is missing', "[NaN"],
    ["0: a string is not closed, or has a character that must be escaped", '"a\tb"'],
    ["4: there is more text after the value", "NaN NaN"],
    ["4302: an integer has more than 4300 digits", `[1${"0".repeat(4300)}]`],
  ])("says what is wrong at which character: %s", (problem, text) => {
    const message = `Not JSON at character ${problem}`;
    expect(() => parseJson(text)).toThrow(new InvalidMessageError(message));
  });

  it.each([
    ["lists", "[".repeat(1001) + "]".repeat(1001)],
    ["objects with a NaN in them", `${'{"a":'.repeat(1001)}NaN${"}".repeat(1001)}`],
    ["a hundred thousand lists that are not closed", "[".repeat(100_000)],
  ])("refuses more than a thousand levels of %s", (_, text) => {
    expect(() => parseJson(text)).toThrow(/nested more than 1000 levels deep/);
  });

  it("does not take brackets in texts for levels", () => {
    const text = JSON.stringify(["[".repeat(2000), '\\"['.repeat(2000)]);
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it.skipIf(!hasPython())("accepts what Python accepts, and reads it alike", () => {
    const texts = [...oddTexts, ...fc.sample(brokenJson, runs)];
    const theirs: readonly unknown[] = JSON.parse(python(readInPython, JSON.stringify(texts)));

    expect(texts.map(readHere)).toEqual(theirs.map((text) => (typeof text === "string" ? readHere(text) : refusal)));
  });
});

describe("writeJson", () => {
  it("is undone by parseJson", () => {
    fc.assert(
      fc.property(arbitraryJson, (value) => {
        expect(parseJson(writeJson(value))).toEqual(value);
      }),
      { numRuns: runs },
    );
  });

  it.skipIf(!hasPython())("writes what Python reads and writes back to the same", () => {
    const values = fc.sample(arbitraryJson, runs);
    const back = parseJson(python("import json, sys; print(json.dumps(json.load(sys.stdin)))", writeJson(values)));

    expect(back).toEqual(parseJson(writeJson(values)));
  });

  it("writes a large number so that it stays a number", () => {
    expect(writeJson([1e17, 2 ** 53, -0, 1e300, 0.5])).toBe("[1e+17,9.007199254740992e+15,-0.0,1e+300,0.5]");
  });

  it("leaves out members that are undefined", () => {
    expect(writeJson({ a: undefined, b: null })).toBe('{"b":null}');
  });

  it("lets nothing that is inherited answer for a value", () => {
    const parent: object = Object.create(null, { toJSON: { value: () => "theirs" } });
    const value: object = Object.create(parent, { own: { value: 1, enumerable: true } });

    expect(writeJson(value)).toBe('{"own":1}');
  });

  it("escapes half a surrogate pair", () => {
    expect(writeJson("\ud800")).toBe(String.raw`"\ud800"`);
  });

  it.each([
    ["a function", () => 1],
    ["a symbol", Symbol("x")],
    ["undefined in a list", [undefined]],
    ["a hole in a list", Array.from({ length: 2 }).fill(1, 0, 1)],
    ["an instance", { when: new Date(0) }],
    ["a value that contains itself", cyclic()],
  ])("refuses %s", (_, value) => {
    expect(() => writeJson(value)).toThrow(EncodeError);
  });
});

/** What stands for a refusal when answers are compared. */
const refusal = "refused";

const oddTexts = [
  "01|1.|.5|+1|-|-0|-NaN|NaN |Infinity|-Infinity|-infinity|nul|null|truefalse|1e5|1E+5|1e|1e999|0x10|1_0|--1".split(
    "|",
  ),
  '\ufeff1|\u00a01| \t\n\r1|[]|[ ]|{}|{ }|[[]|{"a":}|{"a"}|{"a":1,}|{1:2}|[1,,2]|[,1]|1 2|//1|'.split("|"),
  ['"\\x"', '"\\u12"', '"\\ud83d\\ude00"', '"\u007f"', '"\u2028"', '"\\/"', '"abc', '"\\"', '{"a":1}{"b":2}'],
].flat();

/** Texts that are JSON save for a character that was put in, as a rule. */
const brokenJson = fc
  .tuple(arbitraryJson, fc.nat(), fc.constantFrom("", "", ",", '"', "[", "}", "0", "-", ".", "e", "N", "\\", " ", "\n"))
  .map(([value, place, insert]) => {
    const text = writeJson(value);
    const at = place % (text.length + 1);
    return text.slice(0, at) + insert + text.slice(at);
  });

const readInPython = `
import json, sys

def read(text):
    try:
        return json.dumps(json.loads(text))
    except ValueError:
        return None

print(json.dumps([read(text) for text in json.load(sys.stdin)]))
`;

/** The integer -0, which only JavaScript has, counts as 0. */
function readHere(text: string): unknown {
  try {
    return writeJson(parseJson(text)).replaceAll("-0.0", "0");
  } catch {
    return refusal;
  }
}

function cyclic(): unknown {
  const list: unknown[] = [];
  list.push(list);
  return list;
}
