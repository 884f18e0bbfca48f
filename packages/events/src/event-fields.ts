/**
 * What an event may tell, field by field, and which events are sound.
 *
 * Checked by hand (ADR 10), for two reasons: a monitor folds a hundred thousand in a second, and in a browser it should
 * not weigh what a schema library weighs. Less is asked for than where events are decoded: `type`, `hostname`, `timestamp` and a task's
 * `uuid`, as Celery's own monitors do.
 *
 * @module
 */

import { type EventBody, isKnownEvent } from "@umbel/protocol";
import { type Field, isClock, isName, isNumber, isObject, isText, nullable } from "./field.ts";
import type { TaskModel } from "./task.ts";
import { type WorkerModel, workerFields } from "./worker-node.ts";

/** So no sender pushes our clock to where counting ends. */
const greatestClock = 2 ** 52;

/** Fields of a task by their names in events. */
export const toldOfTask: ReadonlyMap<string, Field<TaskModel>> = new Map<string, Field<TaskModel>>([
  ["name", nullable("name", isName)],
  ["args", nullable("args", isText)],
  ["kwargs", nullable("kwargs", isText)],
  ["eta", nullable("eta", isText)],
  ["expires", nullable("expires", isText)],
  ["retries", nullable("retries", isNumber)],
  ["result", nullable("result", isText)],
  ["exception", nullable("exception", isText)],
  ["traceback", nullable("traceback", isText)],
  ["runtime", nullable("runtime", isNumber)],
  ["exchange", nullable("exchange", isText)],
  ["routing_key", nullable("routingKey", isText)],
  ["root_id", nullable("rootId", isName)],
  ["parent_id", nullable("parentId", isName)],
]);

/** Fields of a worker by their names in events. */
export const toldOfWorker: ReadonlyMap<string, Field<WorkerModel>> = new Map<string, Field<WorkerModel>>([
  ["pid", workerFields.pid],
  ["freq", workerFields.freq],
  ["active", workerFields.active],
  ["processed", workerFields.processed],
  ["loadavg", workerFields.loadavg],
  ["sw_ident", workerFields.swIdent],
  ["sw_ver", workerFields.swVer],
  ["sw_sys", workerFields.swSys],
]);

/** An event that makes sense: of a task, of a worker, or of a group of a program's own. */
export type SoundEvent =
  | { readonly group: "task"; readonly subject: string; readonly uuid: string; readonly body: EventBody }
  | { readonly group: "worker"; readonly subject: string; readonly body: EventBody }
  | { readonly group: "other"; readonly subject: string; readonly body: EventBody };

/** Reads an event. Undefined when it is malformed: it lacks what every event has, or a field of a known type is wrong. */
export function readEvent(value: unknown): SoundEvent | undefined {
  if (!isEvent(value)) return undefined;
  const { type, uuid } = value;
  if (type.startsWith("task-")) {
    const subject = type.slice("task-".length);
    const isSound = subject !== "" && isName(uuid) && isKnownRight(toldOfTask, value);
    return isSound ? { group: "task", subject, uuid, body: value } : undefined;
  }
  if (type.startsWith("worker-")) {
    const subject = type.slice("worker-".length);
    return subject !== "" && isKnownRight(toldOfWorker, value) ? { group: "worker", subject, body: value } : undefined;
  }
  return { group: "other", subject: type, body: value };
}

/** Whether it has what every event has. */
function isEvent(value: unknown): value is EventBody {
  if (!isObject(value)) return false;
  const { type, hostname, timestamp, clock = null } = value;
  return (
    isName(type) &&
    isName(hostname) &&
    isNumber(timestamp) &&
    (clock === null || (isClock(clock) && clock <= greatestClock))
  );
}

/** In events of one's own the same names may mean something else. */
function isKnownRight(fields: ReadonlyMap<string, Field<never>>, event: EventBody): boolean {
  if (!isKnownEvent(event)) return true;
  for (const [name, field] of fields) {
    const value = event[name];
    if (value !== undefined && value !== null && !field.fits(value)) return false;
  }
  return true;
}
