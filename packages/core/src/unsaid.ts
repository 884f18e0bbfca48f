/**
 * What a line in a log must not say, though an error's message may: it is where secrets leak that nobody meant to tell.
 *
 * @module
 */

const hidden = "********";

/** The password in an address: `redis://user:password@host`. */
const password = /(\w:\/\/[^\s/:@]{0,256}:)[^\s/@]{1,1024}@/g;

/** A token as HTTP sends it. */
const token = /\b(Bearer|Basic) [\w.~+/=-]{8,}/g;

/** The same text, its secrets hidden as far as they can be known by their form. */
export function withoutSaying(text: string): string {
  if (!text.includes("://") && !text.includes("Bearer ") && !text.includes("Basic ")) return text;
  return text.replace(password, `$1${hidden}@`).replace(token, `$1 ${hidden}`);
}
