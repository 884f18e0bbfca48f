/**
 * Whether a fetch failed because nobody knows the host.
 *
 * The standard has no error for it, so each runtime's own is in one table here.
 *
 * @module
 */

/** What the runtimes say: Node and Bun by a code, Deno in words. workerd says "internal error" for this as for much else. */
const signs: readonly RegExp[] = [
  /\bENOTFOUND\b/, // Node, Bun
  /dns error: (?:failed to lookup|no records? found)/i, // Deno
];

/** Whether `error`, thrown by `fetch(url)`, says that there is no such host. */
export function isUnknownHost(error: unknown, url: string): boolean {
  // RFC 6761, 6.4: there is never a host under `.invalid`, also where no name server can be asked.
  if (/\.invalid\.?$/.test(new URL(url).hostname)) return true;
  return wordsOf(error).some((words) => signs.some((sign) => sign.test(words)));
}

/** What an error and its cause say. */
function wordsOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  return [error.message, String(Reflect.get(error, "code")), ...(error.cause ? wordsOf(error.cause) : [])];
}
