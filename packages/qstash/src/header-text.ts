/**
 * Texts that travel in headers.
 *
 * @module
 */

/** The text itself when a header takes it as one word, else its SHA-256: as good a name, and never too long. */
export async function headerText(text: string): Promise<string> {
  if (/^[\w.:-]{1,128}$/.test(text)) return text;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
