/**
 * Messages by QStash, the managed service or a gateway of ours, through the official client.
 *
 * QStash pushes, so nothing here receives: a worker hands its pushes to `verify`.
 *
 * ```ts
 * const app = new Umbel("shop", { broker: qstash(), backend: upstash() });
 * ```
 *
 * @module
 */

export { accountKeys } from "./account-keys.ts";
export type { AccountKeys } from "./account-keys.ts";
export { qstashDesk } from "./desk.ts";
export { accountUrl, qstash } from "./qstash.ts";
export type { QStashBroker, QStashOptions } from "./qstash.ts";
export { withPushes } from "./pushes.ts";
export type { AccountOptions } from "./settings.ts";
export type { WorkerOptions } from "./workers.ts";
