/**
 * What the Tab key completes in a shell.
 *
 * @module
 */

import type { Completer } from "node:readline";
import type { Scope } from "./evaluate.ts";

/** Completes names of the scope, and properties of what they stand for. */
export function completerOf(scope: Scope): Completer {
  return (line) => {
    const [word = ""] = /[\w$.]*$/.exec(line) ?? [];
    const dot = word.lastIndexOf(".");
    const owner = dot < 0 ? scope : scope[word.slice(0, dot)];
    const before = word.slice(0, dot + 1);
    const names = namesOf(owner).map((name) => before + name);
    return [names.filter((name) => name.startsWith(word)), word];
  };
}

function namesOf(owner: unknown): readonly string[] {
  if (owner === null || owner === undefined) return [];
  const own = Object.getOwnPropertyNames(owner);
  const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(Object(owner)) ?? {});
  return [...new Set([...own, ...inherited])].filter((name) => /^[\w$]+$/.test(name));
}
