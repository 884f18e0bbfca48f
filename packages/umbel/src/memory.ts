/**
 * Broker and backend in this process, for tests.
 *
 * @module
 */

export { memoryBackend, memoryBroker } from "@umbel/memory";
export type { MemoryBackendOptions, MemoryBroker, MemoryBrokerOptions } from "@umbel/memory";
