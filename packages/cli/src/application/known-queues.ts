/**
 * Queues that an application is known to use: what `purge` means by all.
 *
 * @module
 */

export { ownQueues as knownQueues } from "umbel/control";
