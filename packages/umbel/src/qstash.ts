/**
 * The broker: QStash, or our gateway, which speaks its API.
 *
 * @module
 */

export { qstash } from "@umbel/qstash";
export type { QStashBroker, QStashOptions } from "@umbel/qstash";
