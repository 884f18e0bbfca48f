/**
 * Evaluates what is typed into a shell: with top-level await, in a scope that lasts, on Node, Bun and Deno alike.
 *
 * `node:repl` does that on Node only. Here the names of a shell are the properties of an object that a `with` statement
 * puts around the code: the one thing in JavaScript that makes names of properties.
 *
 * @module
 */

import { importAdvice } from "./import-advice.ts";
import { rewrite } from "./rewrite.ts";

/** Names and what they stand for; what is typed adds to them. */
export type Scope = Record<string, unknown>;

/** What came of a text. */
export interface Evaluated {
  /** Undefined where there is nothing to show, as after a declaration. */
  readonly value: unknown;
}

/** Makes code of its text, which may await. It is not strict, so `with` is allowed. */
const AsyncFunction: new (...texts: readonly string[]) => (scope: Scope) => Promise<unknown> = Object.getPrototypeOf(
  async () => undefined,
).constructor;

/** Evaluates a text that is complete. Throws `SyntaxError`, and what the text throws. */
export async function evaluate(code: string, scope: Scope): Promise<Evaluated> {
  const { before, last, isDeclaration } = rewrite(code);
  const run = compiled(`${before}\nreturn (${last}\n);`) ?? compiledOrAdvised(`${before}\n${last}`, code);
  const value = await run(namesOf(scope));
  return { value: isDeclaration ? undefined : value };
}

/** The code; undefined where it cannot be read: then its last statement is no expression. */
function compiled(body: string): ReturnType<typeof compiledOrThrow> | undefined {
  try {
    return compiledOrThrow(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Throws `SyntaxError`: of what a shell cannot do with what to do instead. */
function compiledOrAdvised(body: string, code: string): ReturnType<typeof compiledOrThrow> {
  try {
    return compiledOrThrow(body);
  } catch (error) {
    throw importAdvice(code) ?? error;
  }
}

function compiledOrThrow(body: string): (scope: Scope) => Promise<unknown> {
  return new AsyncFunction("scope", `with (scope) {\n${body}\n}`);
}

/** Every name is found here, so that what is set stays here too. */
function namesOf(scope: Scope): Scope {
  return new Proxy(scope, {
    has: () => true,
    get(names, name) {
      if (typeof name === "symbol") return undefined;
      if (name in names) return names[name];
      if (name in globalThis) return Reflect.get(globalThis, name);
      throw new ReferenceError(`${name} is not defined`);
    },
  });
}
