/**
 * What a cluster is doing, as its events tell it: ours, Celery's, or both on one Redis.
 *
 * @module
 */

export { isDrifting, LamportClock, snapshots, State } from "@umbel/events";
export type {
  Change,
  Counts,
  Moment,
  OtherChange,
  Page,
  SnapshotClock,
  SnapshotOptions,
  StateOptions,
  StateSnapshot,
  Task,
  TaskChange,
  TaskFields,
  TaskJson,
  WorkerChange,
  WorkerFields,
  WorkerNode,
} from "@umbel/events";
