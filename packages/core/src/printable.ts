/**
 * Texts of strangers in a log, or on a terminal.
 *
 * @module
 */

/** A text on one line: what moves a terminal's cursor, turns the direction of writing, or begins a line that looks like one of ours, is written out. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, writtenOut);
}

/** The same but for the ends of its lines and tabs, which stay. */
export function harmless(text: string): string {
  return text.replaceAll(/(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, writtenOut);
}

/** As JSON and programs do. */
function writtenOut(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
