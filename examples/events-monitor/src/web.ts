/**
 * The web of this example: two addresses, so that it prints the same on every machine.
 *
 * @module
 */

const pages: Readonly<Record<string, string>> = {
  "https://example.com/": '<a href="/about">About</a> <img src="/logo.png">',
};

/** Answers as `fetch` does: a page, 404 for what the host does not have, and an error for a host that there is not. */
export async function fetchPage(url: URL): Promise<Response> {
  await whileFetching();
  if (url.hostname !== "example.com") throw new TypeError("fetch failed");
  const page = pages[url.origin + url.pathname];
  return page === undefined ? new Response("", { status: 404 }) : new Response(page);
}

let whileFetching: () => Promise<void> = async () => undefined;

/** Has something happen in the middle of a visit. */
export function meanwhile(act: () => Promise<void>): void {
  whileFetching = act;
}
