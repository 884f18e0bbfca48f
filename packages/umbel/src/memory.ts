/**
 * Broker and backend in this process, for tests.
 *
 * @module
 */

export { memoryBackend, memoryBroker, memorySchedules } from "@umbel/memory";
export type {
  Choose,
  DeadLetter,
  Deliver,
  MemoryBackend,
  MemoryBackendOptions,
  MemoryBroker,
  MemoryBrokerOptions,
  MemoryPush,
  MemorySchedulesOptions,
  PushAnswer,
  Signer,
  WaitingMessage,
} from "@umbel/memory";
