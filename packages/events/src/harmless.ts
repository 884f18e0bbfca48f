/**
 * Texts of strangers on a terminal.
 *
 * @module
 */

/** A text in which nothing moves the cursor, but for the ends of its lines and tabs: those characters are written out. */
export function harmless(text: string): string {
  return text.replaceAll(/(?![\n\t])\p{Cc}/gu, (character) => {
    return `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`;
  });
}
