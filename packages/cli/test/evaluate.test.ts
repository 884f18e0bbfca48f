import { describe, expect, it } from "vitest";
import { evaluate, type Scope } from "../src/shell/evaluate.ts";
import { topLevel } from "../src/shell/top-level.ts";

async function valueOf(code: string, scope: Scope = {}): Promise<unknown> {
  const { value } = await evaluate(code, scope);
  return value;
}

describe("what is typed into a shell", () => {
  it.each([
    ["1 + 1", 2],
    ["await Promise.resolve(3)", 3],
    ["const a = 1, b = 2; a + b;", 3],
    ["let c; c === undefined", true],
    ["const { x, y: [z] } = { x: 1, y: ['}'] }; x + z", "1}"],
    ["const [one, other] = await Promise.all([1, 2]); one + other", 3],
    ["function twice(n) { const m = n; return m * 2 }\ntwice(4)", 8],
    ["async function later(n) { return n }\nawait later(5)", 5],
    ["class Box { of = 6 }\nnew Box().of", 6],
    ["{ a: 1 }", { a: 1 }],
    ["`${`;`}`", ";"],
    ["'it\\'s; const' + \"}\"", "it's; const}"],
    ["/[;}/]const/.test('}const')", true],
    ["6 / 2 / 3 // const a = 1;", 1],
    ["/* const a = 1; */ 7", 7],
    ["if (true) { const a = 1 } const b = 8; b", 8],
    ["for (const n of [1]) n", undefined],
    ["const quiet = 1", undefined],
  ])("%s comes to its value", async (code, value) => {
    expect(await valueOf(code)).toEqual(value);
  });

  it("sets names that last, and can be set anew", async () => {
    const scope: Scope = { seven: 7 };

    await valueOf("const n = seven; let text = 'a'", scope);
    await valueOf("const n = n + 1", scope);

    expect(scope).toEqual({ seven: 7, n: 8, text: "a" });
    expect(Reflect.has(globalThis, "n")).toBe(false);
  });

  it.each([
    ["missing", ReferenceError, "missing is not defined"],
    ["1 +* 2", SyntaxError, ""],
    ["throw new RangeError('no')", RangeError, "no"],
  ])("%s throws what it should", async (code, kind, message) => {
    const failed: unknown = await valueOf(code).catch((error: unknown) => error);

    expect(failed).toBeInstanceOf(kind);
    expect(String(failed)).toContain(message);
  });

  it.each([
    ['import { control } from "umbel/control"', 'const { control } = await import("umbel/control")'],
    ["import { a as b, c } from './x.ts';", "const { a: b, c } = await import('./x.ts')"],
    ['import * as all from "x"', 'const all = await import("x")'],
    ['import one, { two } from "x"', 'const { default: one, two } = await import("x")'],
    ['1; \nimport "x"', 'await import("x")'],
  ])("%j cannot be done, and what can is said", async (code, instead) => {
    await expect(valueOf(code)).rejects.toThrow(
      new SyntaxError(`import statements do not work in a shell: ${instead}`),
    );
  });

  it.each([
    ["add(", true],
    ["function f() {", true],
    ["`a ${b", true],
    ["/* a", true],
    ["'('", false],
    ["// (", false],
    ["/\\(/.test(a)", false],
    ["a / (b)", false],
    ["'unended", false],
  ])("%s is open: %s", (code, isOpen) => {
    expect(topLevel(code).isOpen).toBe(isOpen);
  });
});
