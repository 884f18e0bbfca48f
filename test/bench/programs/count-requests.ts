/**
 * Counts the program's HTTP requests, for the figures that count: by wrapping fetch before anybody takes it.
 *
 * @module
 */

const counts = { publish: 0, store: 0 };

const original = globalThis.fetch;

globalThis.fetch = Object.assign(
  async (...given: Parameters<typeof fetch>) => {
    const [target] = given;
    const url = target instanceof Request ? target.url : String(target);
    if (url.startsWith(process.env["QSTASH_URL"] ?? "-")) counts.publish += 1;
    if (url.startsWith(process.env["UPSTASH_REDIS_REST_URL"] ?? "-")) counts.store += 1;
    return await original(...given);
  },
  { preconnect: () => {} },
);

/** How many requests went to the broker and to the store so far. */
export function requestCounts(): Readonly<{ publish: number; store: number }> {
  return { ...counts };
}
