/**
 * Broker and backend in this process, for tests.
 *
 * @module
 */

export { memoryBackend, memoryBroker } from "@umbel/memory";
export type {
  Choose,
  DeadLetter,
  Deliver,
  MemoryBackendOptions,
  MemoryBroker,
  MemoryBrokerOptions,
  MemoryPush,
  PushAnswer,
  Signer,
  WaitingMessage,
} from "@umbel/memory";
