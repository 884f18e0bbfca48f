/**
 * Texts of strangers on a terminal.
 *
 * @module
 */

import { printable } from "@umbel/core";

/**
 * A text in which nothing moves the cursor, or tells the terminal anything, but for the ends of its lines and tabs. JSON
 * stays the same value: its strings may hold such characters as they are, from U+007F on, and the escapes are its own.
 */
export function harmless(text: string): string {
  return text.replaceAll(/(?![\n\t])[\p{Cc}\u2028\u2029]/gu, printable);
}
