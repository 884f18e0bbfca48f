/**
 * How BullMQ's programs reach the Redis of the bench.
 *
 * @module
 */

/** Options of a connection: BullMQ makes an ioredis client of them. */
export function connection(): { host: string; port: number; db: number; maxRetriesPerRequest: null } {
  const url = new URL(process.env["BENCH_REDIS_URL"] ?? "redis://127.0.0.1:6379/0");
  return { host: url.hostname, port: Number(url.port), db: Number(url.pathname.slice(1)), maxRetriesPerRequest: null };
}

/** What a child came to, as a number. */
export function valueOf(value: unknown): number {
  return Number(value);
}
