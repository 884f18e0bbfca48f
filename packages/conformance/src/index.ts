/**
 * The suites that an adapter passes before it may call itself one: brokers, backends, and the stores that stand beside them.
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
export { describeBrokerDesk } from "./broker-desk.ts";
export type { BrokerHarness, PushReply, ReceivedPush, StartBroker } from "./broker-harness.ts";
export type { BrokerDeskHarness, StartBrokerDesk } from "./desk-harness.ts";
export type { MonitorStoreHarness, StartMonitorStore } from "./monitor-harness.ts";
export { describeMonitorStore } from "./monitor-store.ts";
export type { ScheduleStoreHarness, StartScheduleStore } from "./schedule-harness.ts";
export { describeScheduleStore } from "./schedule-store.ts";
