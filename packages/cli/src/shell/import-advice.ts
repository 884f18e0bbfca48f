/**
 * What to type in place of an import statement: none can stand in a shell, whose lines are parts of a function.
 *
 * @module
 */

/** An import statement: what it names, and of which module. */
const statement = /^[ \t]*import\s+(?:([^"';]+?)\s*from\s*)?(["'])(.+?)\2/m;

/** The error for a text with an import statement in it; undefined where there is none. */
export function importAdvice(code: string): SyntaxError | undefined {
  const [, names, quote = "", module = ""] = statement.exec(code) ?? [];
  if (module === "") return undefined;
  const imported = `await import(${quote}${module}${quote})`;
  const line = names === undefined ? imported : `const ${patternOf(names)} = ${imported}`;
  return new SyntaxError(`import statements do not work in a shell: ${line}`);
}

/** `a`, `{ b as c }`, `* as d`, `a, { b }`: as a declaration takes it apart. */
function patternOf(names: string): string {
  const [, whole] = /^\*\s*as\s+([\w$]+)$/.exec(names) ?? [];
  if (whole !== undefined) return whole;
  const [, own, listed = ""] = /^([\w$]+)?\s*,?\s*(?:\{([^}]*)\})?$/.exec(names) ?? [];
  const parts = listed.split(",").map((part) => part.trim().replace(/\s+as\s+/, ": "));
  return `{ ${[...(own === undefined ? [] : [`default: ${own}`]), ...parts].filter((part) => part !== "").join(", ")} }`;
}
