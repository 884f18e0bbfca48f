/**
 * Rewrites what is typed, so that its declarations last: `const total = 3` sets `total` in the shell's scope.
 *
 * @module
 */

import { topLevel } from "./top-level.ts";

/** What is typed, rewritten. */
export interface Rewritten {
  /** All statements but the last. */
  readonly before: string;
  /** The last one, which may be an expression whose value is shown. */
  readonly last: string;
  /** Whether the last one was a declaration: then nothing is shown. */
  readonly isDeclaration: boolean;
}

/** At the start of a statement: a declaration, up to its first name. */
const declaration =
  /(^|[;}\n])(\s*)(?:(?:const|let|var)\s+(?=[\w$[{])|(?=(?:async\s+)?function\b[\s*]*([\w$]+)|class\s+([\w$]+)))/g;

/** Rewrites a text that is complete. */
export function rewrite(code: string): Rewritten {
  const { mask } = topLevel(code);
  const parts: string[] = [];
  let at = 0;
  for (const found of mask.matchAll(declaration)) {
    const [text, mark = "", blank = "", functionName, className] = found;
    parts.push(code.slice(at, found.index), mark, blank);
    at = found.index + text.length;
    const name = functionName ?? className;
    if (name !== undefined) parts.push(`${name} = `);
    else at += pushVariables(parts, { code, mask, at });
  }
  parts.push(code.slice(at));
  return divided(parts.join(""));
}

interface Place {
  readonly code: string;
  readonly mask: string;
  readonly at: number;
}

/** A pattern needs brackets where no keyword stands before it; a name without a value gets undefined. Returns how much it took. */
function pushVariables(parts: string[], { code, mask, at }: Place): number {
  const [end = ""] = /^[^;\n]*/.exec(mask.slice(at)) ?? [];
  const text = code.slice(at, at + end.length);
  if (/^[[{]/.test(text)) parts.push(`void (${text})`);
  else parts.push(`void (${end.includes("=") ? text : `${text} = undefined`})`);
  return end.length;
}

/** Divides at the last semicolon that has something behind it. */
function divided(code: string): Rewritten {
  const text = code.replace(/[;\s]+$/, "");
  const { mask } = topLevel(text);
  const cut = Math.max(mask.lastIndexOf(";"), mask.lastIndexOf("\n")) + 1;
  const last = text.slice(cut);
  return {
    before: text.slice(0, cut),
    last,
    isDeclaration: /^\s*(?:void \(|[\w$]+ = (?:async\s+)?(?:function|class)\b)/.test(last),
  };
}
