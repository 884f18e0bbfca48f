/**
 * Which headers reach a destination, and how their names are written.
 *
 * @module
 */

/** Headers that belong to one connection, not to the message (RFC 9110, 7.6.1), and those that HTTP itself sets. */
const connectionHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Whether a publisher's header may travel to the destination, whatever its case. */
export function mayTravel(name: string): boolean {
  return !connectionHeaders.has(name.toLowerCase());
}

/** Whether a text can be the value of a header: Node refuses to send control characters, and what is not Latin-1. */
export function canTravel(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

/** `content-type` as `Content-Type`: the form in which QStash shows and sends names. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
