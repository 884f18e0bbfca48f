/**
 * What a cluster is doing, as its events tell it: ours, Celery's, or both on one Redis.
 *
 * It brings along where events come by beside our backends.
 *
 * @module
 */

import { events as open, type MonitorBeside } from "@umbel/events";
import { monitorInMemory } from "@umbel/memory";
import { upstashMonitor } from "@umbel/upstash-redis";

const ourStores: readonly MonitorBeside[] = [upstashMonitor, monitorInMemory];

/**
 * Makes a receiver of the events that come by beside an application's backend: of its tasks and workers, and of all others on that
 * store, Celery's too. Throws `ImproperlyConfigured` for an option that makes no sense.
 */
export const events: typeof open = (app, options) => {
  const { stores = [], ...others } = options ?? {};
  return open(app, { ...others, stores: [...stores, ...ourStores] });
};

export { isDrifting, LamportClock, snapshots, State } from "@umbel/events";
export type {
  Captured,
  CaptureOptions,
  Change,
  Counts,
  EventOf,
  EventsApplication,
  EventsOptions,
  EventStore,
  Handlers,
  Moment,
  MonitorBeside,
  MonitorOptions,
  OtherChange,
  Page,
  Receipt,
  ReceivedEvent,
  ReceiveOptions,
  Receiver,
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
