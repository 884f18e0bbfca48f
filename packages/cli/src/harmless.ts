/**
 * Texts of strangers on a terminal.
 *
 * @module
 */

/**
 * A text in which nothing moves the cursor, turns the direction of writing, or tells the terminal anything, but for the ends of its lines and tabs. JSON
 * stays the same value: its strings may hold such characters as they are, from U+007F on, and the escapes are its own.
 */
export function harmless(text: string): string {
  return text.replaceAll(/(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, writtenOut);
}

/** The same on one line: what would begin another is written out. */
export function harmlessLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, writtenOut);
}

/** As `harmless` and `printable` of core do, to the letter: core takes longer to load than the commands that need nothing else of it. */
function writtenOut(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
