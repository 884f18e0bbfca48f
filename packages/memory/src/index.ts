/**
 * The reference broker, backend and schedule store, in this program's memory: for tests, and as the readable form of the ports.
 *
 * Nothing here has a timer or outlives the program.
 *
 * ```ts
 * let now = 0;
 * const backend = memoryBackend({ now: () => now });
 * const broker = memoryBroker({ now: () => now, deliver: (push) => endpoint.fetch(new Request(push.url, push)) });
 *
 * await add.delay(4, 4);
 * await broker.drain((instant) => void (now = instant)); // every delivery and retry, however far away
 * ```
 *
 * @module
 */

export { memoryBackend, monitorInMemory, schedulesInMemory } from "./backend.ts";
export type { MemoryBackend, MemoryBackendOptions } from "./backend.ts";
export { deskInMemory, memoryBroker } from "./broker.ts";
export type { MemoryBroker, MemoryBrokerOptions } from "./broker.ts";
export type { Choose, DeadLetter, Deliver, MemoryPush, PushAnswer, WaitingMessage } from "./courier.ts";
export { memorySchedules } from "./schedules.ts";
export type { MemorySchedulesOptions } from "./schedules.ts";
export type { Signer } from "./signature.ts";
