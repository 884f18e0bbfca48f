/**
 * The hash by which Redis knows a script.
 *
 * @module
 */

/** In hexadecimal. */
export async function sha1(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
