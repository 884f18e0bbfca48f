/**
 * Texts of strangers in a log.
 *
 * @module
 */

/** A text on one line: what moves a terminal's cursor, turns the direction of writing, or begins a line that looks like one of ours, is written out. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
}
