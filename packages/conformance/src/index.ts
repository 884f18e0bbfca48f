/**
 * The suites that an adapter passes before it may call itself a broker, a backend or a schedule store.
 *
 * They never sleep on their own: a harness says how time passes, so that one suite serves a fake clock and a real store.
 *
 * ```ts
 * describeBackend("memory", () => {
 *   let now = Date.now();
 *   const pass = async (seconds: number) => void (now += seconds * 1000);
 *   return { backend: memoryBackend({ now: () => now }), moment: 1, pass };
 * });
 * ```
 *
 * @module
 */

export { describeBackend } from "./backend.ts";
export type { BackendHarness, StartBackend } from "./backend-harness.ts";
export { describeBroker } from "./broker.ts";
export type { BrokerHarness, PushReply, ReceivedPush, StartBroker } from "./broker-harness.ts";
export type { ScheduleStoreHarness, StartScheduleStore } from "./schedule-harness.ts";
export { describeScheduleStore } from "./schedule-store.ts";
