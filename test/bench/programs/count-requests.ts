/**
 * Counts the program's HTTP requests, for the figures that count, and measures the messages in them when it is told to: by
 * wrapping fetch before anybody takes it.
 *
 * @module
 */

const counts = { publish: 0, store: 0 };

/** Sizes of messages in bytes, in order; absent while nobody wants them, for it takes time to measure them. */
let sizes: number[] | undefined;

const original = globalThis.fetch;

globalThis.fetch = Object.assign(
  async (...given: Parameters<typeof fetch>) => {
    const [target] = given;
    const url = target instanceof Request ? target.url : String(target);
    if (url.startsWith(process.env["QSTASH_URL"] ?? "-")) {
      counts.publish += 1;
      sizes?.push(...sizesIn(given[1]?.body));
    }
    if (url.startsWith(process.env["UPSTASH_REDIS_REST_URL"] ?? "-")) counts.store += 1;
    return await original(...given);
  },
  { preconnect: () => {} },
);

/** How many requests went to the broker and to the store so far. */
export function requestCounts(): Readonly<{ publish: number; store: number }> {
  return { ...counts };
}

/** The sizes of the messages since this was last asked; they are measured from now on, or not any more. */
export function messageSizes(areMeasured: boolean): readonly number[] {
  const measured = sizes ?? [];
  sizes = areMeasured ? [] : undefined;
  return measured;
}

function sizesIn(body: unknown): readonly number[] {
  const batch: unknown = typeof body === "string" ? JSON.parse(body) : [];
  const bodies: unknown[] = Array.isArray(batch) ? batch.map((each: { readonly body?: unknown }) => each.body) : [];
  return bodies.map((each) => (typeof each === "string" ? Buffer.byteLength(each) : 0));
}
