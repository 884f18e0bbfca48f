/**
 * Patterns of names that an operator gives: shell patterns, or regular expressions.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import { globSource } from "./glob.ts";

/** What fits a whole name: `shop.*`. Throws `ImproperlyConfigured` for a pattern that is none: `[b-a]`. */
export function globExpression(glob: string): RegExp {
  return expression(glob, globSource(glob));
}

/** What fits from a name's beginning, as Python's `re.match`. Throws `ImproperlyConfigured` for what is no regular expression. */
export function prefixExpression(pattern: string): RegExp {
  return expression(pattern, `^(?:${pattern})`);
}

function expression(pattern: string, source: string): RegExp {
  try {
    return new RegExp(source, "u");
  } catch (cause) {
    throw new ImproperlyConfigured(`The pattern ${JSON.stringify(pattern)} cannot be read: ${String(cause)}`, {
      cause,
    });
  }
}
