/**
 * Which nodes are asked: by their names, or by a pattern, as in Celery.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";

/** Which nodes are asked; all when nothing is said. */
export interface Whom {
  /** Their names: `worker@shop`. */
  readonly destination?: readonly string[];
  /** What their names fit; a destination wins. */
  readonly pattern?: string;
  /** How the pattern is read: `worker@*` (the default), or a regular expression that fits from the name's beginning. */
  readonly matcher?: "glob" | "pcre";
}

/** Whether a node is asked. Throws `ImproperlyConfigured` for a pattern that is none. */
export function isAsked({ destination, pattern, matcher = "glob" }: Whom): (node: string) => boolean {
  if (destination !== undefined) {
    const names = new Set(destination);
    return (node) => names.has(node);
  }
  if (pattern === undefined) return () => true;
  const expression = matcher === "glob" ? globOf(pattern) : expressionOf(pattern);
  return (node) => expression.test(node);
}

/** Python's `fnmatch`: `*`, `?`, `[ab]` and `[!ab]`. */
export function globOf(pattern: string): RegExp {
  const parts = pattern.matchAll(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g);
  const source = Array.from(parts, ([part, not, members]) => {
    if (members !== undefined) return `[${not === "!" ? "^" : ""}${members.replaceAll(/[\\\]^]/g, String.raw`\$&`)}]`;
    if (part === "*") return String.raw`[\s\S]*`;
    return part === "?" ? String.raw`[\s\S]` : part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  });
  return expressionOf(`${source.join("")}$`, pattern);
}

function expressionOf(source: string, pattern = source): RegExp {
  try {
    return new RegExp(`^(?:${source})`, "u");
  } catch (cause) {
    throw new ImproperlyConfigured(`The pattern ${JSON.stringify(pattern)} cannot be read: ${String(cause)}`, {
      cause,
    });
  }
}
