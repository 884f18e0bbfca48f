/**
 * Which nodes are asked: by their names, or by a pattern, as in Celery.
 *
 * @module
 */

import { globExpression, prefixExpression } from "@umbel/core";

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
  const expression = matcher === "glob" ? globExpression(pattern) : prefixExpression(pattern);
  return (node) => expression.test(node);
}
