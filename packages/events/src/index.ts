/**
 * What a Celery cluster is doing, as its events tell it: ours, Celery's own, or both.
 *
 * A receiver brings events in from an application's store; the model that it folds them into does no I/O.
 *
 * ```ts
 * const receiver = events(app);
 * await receiver.capture({ handlers: { "task-failed": ({ uuid, exception }) => console.error(uuid, exception) } });
 * receiver.state.tasksByState("FAILURE"); // [add]
 * ```
 *
 * @module
 */

export type { Change, OtherChange, TaskChange, WorkerChange } from "./change.ts";
export { dumpLine } from "./dump-line.ts";
export type { DumpMemory } from "./dump-line.ts";
export { eventRoutes } from "./event-routes.ts";
export type { EventRoutesOptions } from "./event-routes.ts";
export { isInstantField } from "./instant-field.ts";
export type { EventsApplication } from "./listen.ts";
export { LamportClock } from "./lamport-clock.ts";
export type { Moment } from "./moment.ts";
export { monitorLine, monitorLines } from "./monitor-line.ts";
export type { EventStore, MonitorBeside, MonitorOptions } from "./monitor-beside.ts";
export type { Page } from "./page.ts";
export type { EventsOptions, ReceiveOptions } from "./receive-options.ts";
export type { EventOf, Handlers, Receipt, ReceivedEvent } from "./received-event.ts";
export { events } from "./receiver.ts";
export type { Captured, CaptureOptions, Receiver } from "./receiver.ts";
export { snapshots } from "./snapshots.ts";
export type { SnapshotClock, SnapshotOptions } from "./snapshots.ts";
export type { Counts, StateSnapshot } from "./state-snapshot.ts";
export { State } from "./state.ts";
export type { StateOptions } from "./state.ts";
export type { Task, TaskFields, TaskJson } from "./task.ts";
export { isDrifting } from "./worker-node.ts";
export type { WorkerFields, WorkerNode } from "./worker-node.ts";
