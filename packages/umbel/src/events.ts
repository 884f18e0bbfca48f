/**
 * What a cluster is doing, as its events tell it: ours, Celery's, or both on one Redis.
 *
 * It brings along where events come by beside our backends.
 *
 * @module
 */

import { eventRoutes as serve, events as open, type MonitorBeside, type MonitorOptions } from "@umbel/events";
import { monitorInMemory } from "@umbel/memory";
import { upstashMonitor } from "@umbel/upstash-redis";

const ourStores: readonly MonitorBeside[] = [upstashMonitor, monitorInMemory];

/**
 * Makes a receiver of the events that come by beside an application's backend: of its tasks and workers, and of all others on that
 * store, Celery's too. Throws `ImproperlyConfigured` for an option that makes no sense.
 */
export const events: typeof open = (app, options) => {
  return open(app, withOurs(options));
};

/**
 * The events over HTTP: `GET /` sends each as a server-sent event to whoever has the bearer token, `UMBEL_EVENTS_TOKEN` or the one
 * that is given; `?type=task-failed` only some, `?since=10m` those of the last ten minutes first. A reader who comes back with
 * `Last-Event-ID` gets what it has missed.
 */
export const eventRoutes: typeof serve = (app, options) => serve(app, withOurs(options));

function withOurs<Options extends MonitorOptions>(options: Options | undefined): Options | MonitorOptions {
  return { ...options, stores: [...(options?.stores ?? []), ...ourStores] };
}

export {
  dumpLine,
  isDrifting,
  isInstantField,
  LamportClock,
  monitorLine,
  monitorLines,
  snapshots,
  State,
} from "@umbel/events";
export type {
  Captured,
  CaptureOptions,
  Change,
  Counts,
  DumpMemory,
  EventOf,
  EventRoutesOptions,
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
