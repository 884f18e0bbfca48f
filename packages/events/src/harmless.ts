/**
 * Texts of strangers on a terminal.
 *
 * @module
 */

/**
 * A text in which nothing moves the cursor, but for the ends of its lines and tabs, or turns the direction of writing: those
 * characters are written out.
 */
export function harmless(text: string): string {
  return text.replaceAll(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return hex.length > 2 ? `\\u${hex.padStart(4, "0")}` : `\\x${hex.padStart(2, "0")}`;
  });
}
