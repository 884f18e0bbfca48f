/**
 * States and results in a Redis that is reached over REST, in Celery's own keys and formats.
 *
 * It needs nothing but `fetch`: no connection outlives a request, except where somebody waits for a result.
 *
 * ```ts
 * const app = new Umbel("shop", { broker: qstash(), backend: upstash() });
 * ```
 *
 * @module
 */

export { upstashMonitor } from "./monitor.ts";
export { upstashSchedules } from "./schedules.ts";
export { scripts } from "./scripts.ts";
export { storeClock } from "./store-clock.ts";
export { storeUrl, upstash, withAttempts } from "./upstash.ts";
export type { UpstashBackend, UpstashOptions } from "./upstash.ts";
