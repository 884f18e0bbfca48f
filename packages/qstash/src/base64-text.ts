/**
 * Text that QStash shows in base64.
 *
 * @module
 */

/** The text. Throws `TypeError` for bytes that are no text, and the platform's error for what is no base64. */
export function base64Text(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
