/**
 * A state as it is kept or sent: plain JSON.
 *
 * @module
 */

import { InvalidMessageError } from "@umbel/protocol";
import type { Cluster } from "./cluster.ts";
import { type Field, field, isAmount, isClock, isName, isNumber, isObject, isText, nullable } from "./field.ts";
import type { Moment } from "./moment.ts";
import type { TaskFields, TaskJson, TaskModel } from "./task.ts";
import { type WorkerFields, type WorkerModel, workerFields } from "./worker-node.ts";

/** A state as JSON. */
export interface StateSnapshot extends Counts {
  readonly version: 1;
  /** The logical clock. */
  readonly clock: number;
  /** Names of tasks that were heard of. */
  readonly types: readonly string[];
  /** Who was heard of longest ago first. */
  readonly workers: readonly WorkerFields[];
  readonly tasks: readonly TaskJson[];
}

/** How much a state has heard. */
export interface Counts {
  readonly eventCount: number;
  readonly taskCount: number;
  readonly malformed: number;
}

/** Fills an empty cluster with what a snapshot kept; returns the counts. Throws `InvalidMessageError`. */
export function readSnapshot(snapshot: unknown, cluster: Cluster): Counts {
  if (!isObject(snapshot) || snapshot["version"] !== 1) refuse("version: expected 1");
  const { clock, eventCount, taskCount, malformed, types, workers, tasks } = snapshot;
  if (!isClock(clock)) refuse("clock: expected a whole number");
  if (!isAmount(eventCount) || !isAmount(taskCount) || !isAmount(malformed)) refuse("a count is missing");
  cluster.clock.adjust(clock - 1);
  for (const each of listed("types", types)) readType(each, cluster);
  for (const each of listed("workers", workers)) readWorker(each, cluster);
  for (const each of listed("tasks", tasks)) readTask(each, cluster);
  return { eventCount, taskCount, malformed };
}

function readType(kept: unknown, { types }: Cluster): void {
  if (!isName(kept)) refuse("types: expected texts");
  if (!types.entries.has(kept)) types.add(kept, kept);
}

function readWorker(kept: unknown, cluster: Cluster): void {
  if (!isObject(kept) || !isName(kept["hostname"])) refuse("workers: a hostname is missing");
  if (cluster.workers.entries.has(kept["hostname"])) refuse(`workers: ${kept["hostname"]} is there twice`);
  const worker = cluster.newWorker(kept["hostname"]);
  fillAll<WorkerModel>(worker, workerFields, kept);
  cluster.workers.add(worker.hostname, worker);
}

function readTask(kept: unknown, cluster: Cluster): void {
  if (!isObject(kept) || !isName(kept["uuid"])) refuse("tasks: a uuid is missing");
  if (cluster.tasks.entries.has(kept["uuid"])) refuse(`tasks: ${kept["uuid"]} is there twice`);
  const task = cluster.newTask(kept["uuid"]);
  fillAll<TaskModel>(task, taskFields, kept);
  const { worker = null } = kept;
  if (worker !== null && !isName(worker)) refuse("tasks: worker: expected a name");
  if (worker !== null) task.worker = cluster.workers.entries.get(worker) ?? cluster.newWorker(worker);
  cluster.keepTask(task);
  cluster.file(task);
}

/** Every field but the id. */
const taskFields: Readonly<Record<Exclude<keyof TaskFields, "uuid">, Field<TaskModel>>> = {
  name: nullable("name", isName),
  state: field("state", isName),
  sent: nullable("sent", isNumber),
  received: nullable("received", isNumber),
  started: nullable("started", isNumber),
  succeeded: nullable("succeeded", isNumber),
  failed: nullable("failed", isNumber),
  retried: nullable("retried", isNumber),
  revoked: nullable("revoked", isNumber),
  rejected: nullable("rejected", isNumber),
  args: nullable("args", isText),
  kwargs: nullable("kwargs", isText),
  eta: nullable("eta", isText),
  expires: nullable("expires", isText),
  retries: nullable("retries", isNumber),
  result: nullable("result", isText),
  exception: nullable("exception", isText),
  traceback: nullable("traceback", isText),
  runtime: nullable("runtime", isNumber),
  exchange: nullable("exchange", isText),
  routingKey: nullable("routingKey", isText),
  timestamp: field("timestamp", isNumber),
  clock: field("clock", isClock),
  client: nullable("client", isName),
  rootId: nullable("rootId", isName),
  parentId: nullable("parentId", isName),
  extra: field("extra", isObject),
  heard: field("heard", isMoment),
};

function isMoment(value: unknown): value is Moment {
  return isObject(value) && isClock(value["clock"]) && isNumber(value["timestamp"]) && isText(value["origin"]);
}

function fillAll<Model>(
  model: Model,
  fields: Readonly<Record<string, Field<Model>>>,
  kept: Readonly<Record<string, unknown>>,
): void {
  for (const [name, each] of Object.entries(fields)) {
    if (!each.fill(model, kept[name])) refuse(`${name} does not fit`);
  }
}

function listed(name: string, value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(`${name}: expected a list`);
}

function refuse(problem: string): never {
  throw new InvalidMessageError(`Snapshot of a state: ${problem}`);
}
