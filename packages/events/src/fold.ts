/**
 * How an event changes a cluster.
 *
 * @module
 */

import type { Change, TaskChange, WorkerChange } from "./change.ts";
import type { Cluster } from "./cluster.ts";
import { type SoundEvent, toldOfWorker } from "./event-fields.ts";
import { mergeTask } from "./merge-task.ts";
import { compareMoments } from "./moment.ts";
import type { TaskModel } from "./task.ts";
import type { WorkerModel } from "./worker-node.ts";

type Of<Group> = Extract<SoundEvent, { readonly group: Group }>;

/** When an event came. */
interface Arrival {
  /** Its logical clock. */
  readonly clock: number;
  /** Unix seconds, here. */
  readonly receivedAt: number;
}

/** Takes an event in that was received at an instant in Unix seconds, and says what has changed. */
export function fold(cluster: Cluster, event: SoundEvent, receivedAt: number): Change {
  const arrival = { clock: clockOf(event, cluster), receivedAt };
  if (event.group === "task") return foldTask(cluster, event, arrival);
  if (event.group === "worker") return foldWorker(cluster, event, arrival);
  return { group: "other", subject: event.subject };
}

/**
 * An event's own clock; ours where it has none, or the 0 of who keeps none. A client hears nobody, so its clock says
 * nothing: a task is sent just before what is heard now (celery-semantics.md 6.3).
 */
function clockOf({ body: { type, clock } }: SoundEvent, { clock: ours }: Cluster): number {
  if (type === "task-sent") return Math.max(0, ours.forward() - 2);
  if (!clock) return ours.forward();
  ours.adjust(clock);
  return clock;
}

function foldWorker(cluster: Cluster, { subject, body }: Of<"worker">, arrival: Arrival): WorkerChange {
  const known = cluster.workers.use(body.hostname);
  const worker = known ?? cluster.newWorker(body.hostname);
  for (const [name, field] of toldOfWorker) {
    if (body[name] !== undefined) field.fill(worker, body[name]);
  }
  worker.clock = arrival.clock;
  const isLeaving = subject === "offline";
  if (isLeaving) worker.leave();
  else worker.hear(body.timestamp, arrival.receivedAt);
  // Who is only heard to go is not worth a place.
  const isNew = !known && !isLeaving;
  if (isNew) cluster.workers.add(worker.hostname, worker);
  return { group: "worker", subject, worker, isNew };
}

function foldTask(cluster: Cluster, event: Of<"task">, arrival: Arrival): TaskChange {
  const { subject, body, uuid } = event;
  const known = cluster.tasks.use(uuid);
  const before = known ? known.state : null;
  const task = known ?? cluster.newTask(uuid);
  if (!known) cluster.keepTask(task);
  const origin = subject === "sent" ? sentBy(body.hostname, task) : handledBy(workerOf(cluster, event, arrival), task);
  const moment = { clock: arrival.clock, timestamp: body.timestamp, origin };
  const isLate = mergeTask(task, { subject, body, moment });
  if (compareMoments(moment, task.heard) >= 0) task.heard = moment;
  cluster.refile(task);
  return { group: "task", subject, task, isNew: !known, before, isLate };
}

function sentBy(client: string, task: TaskModel): string {
  task.client = client;
  return client;
}

function handledBy(worker: WorkerModel, task: TaskModel): string {
  task.worker = worker;
  return worker.id;
}

/** The worker that tells of a task, and so shows that it lives. */
function workerOf(cluster: Cluster, { body }: Of<"task">, { receivedAt }: Arrival): WorkerModel {
  const known = cluster.workers.use(body.hostname);
  const worker = known ?? cluster.newWorker(body.hostname);
  if (!known) cluster.workers.add(worker.hostname, worker);
  worker.hear(body.timestamp, receivedAt);
  return worker;
}
