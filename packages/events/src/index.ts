/**
 * What a Celery cluster is doing, as its events tell it: ours, Celery's own, or both.
 *
 * It does no I/O: whoever receives events hands them in.
 *
 * ```ts
 * const state = new State();
 * state.event({ type: "task-received", uuid: "1", name: "add", hostname: "w@host", timestamp: 1.5 });
 * state.tasksByState("RECEIVED"); // [add]
 * ```
 *
 * @module
 */

export type { Change, OtherChange, TaskChange, WorkerChange } from "./change.ts";
export { LamportClock } from "./lamport-clock.ts";
export type { Moment } from "./moment.ts";
export type { Page } from "./page.ts";
export { snapshots } from "./snapshots.ts";
export type { SnapshotClock, SnapshotOptions } from "./snapshots.ts";
export type { Counts, StateSnapshot } from "./state-snapshot.ts";
export { State } from "./state.ts";
export type { StateOptions } from "./state.ts";
export type { Task, TaskFields, TaskJson } from "./task.ts";
export { isDrifting } from "./worker-node.ts";
export type { WorkerFields, WorkerNode } from "./worker-node.ts";
