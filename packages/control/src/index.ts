/**
 * Ask and tell workers what an operator asks and tells.
 *
 * Workers live for one request, so nobody is asked live: answers come from the store and the broker, at once, and a change is
 * kept in the store, from where it reaches each worker with its next claim.
 *
 * ```ts
 * const operator = control(app);
 * await operator.inspect().active(); // { "worker@shop": [{ id, name, args, ... }] }
 * await operator.rateLimit("shop.mail", "10/m"); // [{ "worker@shop": { ok: "new rate limit set successfully" } }]
 * await operator.replay({ task: "shop.*", since: yesterday }, { dryRun: true }); // { count: 12, ... }
 * ```
 *
 * @module
 */

export type { Command } from "./command.ts";
export { controlCommands, tell } from "./control-commands.ts";
export type { Telling } from "./control-commands.ts";
export type {
  Control,
  LimitsToSet,
  ListedState,
  Page,
  PageRequest,
  QueueSelection,
  RevokeCallsOptions,
  StampedHeaders,
} from "./control.ts";
export type { ControlledApplication, ControlOptions, DeskBeside, StoreBeside } from "./desk.ts";
export { leave } from "./leave.ts";
export { ask, inspectCommands } from "./inspect-commands.ts";
export type {
  ActiveQueue,
  ByNode,
  Inspect,
  InspectOptions,
  QueriedTask,
  ScheduledTask,
  WorkerStats,
} from "./inspect.ts";
export { control } from "./open.ts";
export type { DeadTask, Replayed, ReplayedTask, ReplayFilter, ReplayOptions, UnreplayedTask } from "./replayed.ts";
export { ownQueues } from "./own-queues.ts";
export type { QueueOwner } from "./own-queues.ts";
export type { Replies, Reply } from "./reply.ts";
export { controlRoutes } from "./routes.ts";
export type { ControlRoutesOptions } from "./routes.ts";
export type { NodeStatus, Status } from "./status.ts";
export { unsupportedCommands } from "./unsupported.ts";
export type { Whom } from "./whom.ts";
