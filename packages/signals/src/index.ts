/**
 * A typed publish and subscribe for the moments of a task's life.
 *
 * It knows no task, sends nothing by itself and reads no clock: core, worker and beat send, an application listens.
 *
 * ```ts
 * const signals = createSignals();
 * signals.taskSuccess.connect(({ sender, result }) => console.log(sender, result), { sender: "shop.add" });
 * ```
 *
 * @module
 */

export { createSignals } from "./catalogue.ts";
export type {
  AfterTaskPublish,
  BeatDue,
  BeforeTaskPublish,
  MessageDead,
  ServiceStart,
  Signals,
  TaskFailed,
  TaskInternalError,
  TaskPostrun,
  TaskPrerun,
  TaskReceived,
  TaskRejected,
  TaskRetry,
  TaskRevoked,
  TaskSuccess,
  TaskUnknown,
  WorkerLost,
} from "./catalogue.ts";
export { Signal } from "./signal.ts";
export type {
  ConnectOptions,
  Receiver,
  ReceiverErrorHandler,
  SignalEvent,
  SignalOptions,
  SignalResponse,
  SignalSender,
} from "./signal.ts";
