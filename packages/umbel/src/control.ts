/**
 * Control: ask and tell workers what an operator asks and tells.
 *
 * It brings along the views of our stores and the desks of our brokers.
 *
 * @module
 */

import {
  control as open,
  controlRoutes as serve,
  type ControlOptions,
  type DeskBeside,
  leave as tellLeaving,
  type StoreBeside,
} from "@umbel/control";
import { deskInMemory, monitorInMemory } from "@umbel/memory";
import { qstashDesk } from "@umbel/qstash";
import { upstashMonitor } from "@umbel/upstash-redis";

const ourStores: readonly StoreBeside[] = [upstashMonitor, monitorInMemory];
const ourDesks: readonly DeskBeside[] = [qstashDesk, deskInMemory];

/** What an operator asks and tells of an application. Views and desks that are given are asked before ours. */
export const control: typeof open = (app, options) => open(app, withOurs(options));

/** The same over HTTP, for whoever has the bearer token: `UMBEL_CONTROL_TOKEN`, or the one that is given. */
export const controlRoutes: typeof serve = (app, options) => serve(app, { ...options, ...withOurs(options) });

/** Tells that a worker of this name stops: it is offline from now on, and whoever watches is told. */
export const leave: typeof tellLeaving = (app, worker, options) => tellLeaving(app, worker, withOurs(options));

function withOurs({ stores = [], desks = [], ...options }: ControlOptions = {}): ControlOptions {
  return { ...options, stores: [...stores, ...ourStores], desks: [...desks, ...ourDesks] };
}

export { ask, controlCommands, inspectCommands, ownQueues, tell, unsupportedCommands } from "@umbel/control";
export type {
  ActiveQueue,
  ByNode,
  Command,
  Control,
  ControlledApplication,
  ControlOptions,
  ControlRoutesOptions,
  DeadTask,
  DeskBeside,
  Inspect,
  InspectOptions,
  LimitsToSet,
  ListedState,
  NodeStatus,
  Page,
  PageRequest,
  QueriedTask,
  QueueSelection,
  Replayed,
  ReplayedTask,
  ReplayFilter,
  ReplayOptions,
  Replies,
  Reply,
  RevokeCallsOptions,
  ScheduledTask,
  StampedHeaders,
  Status,
  StoreBeside,
  Telling,
  UnreplayedTask,
  Whom,
  WorkerStats,
} from "@umbel/control";
export type { BrokerDesk, MonitorStore, TaskInfo } from "@umbel/protocol";
