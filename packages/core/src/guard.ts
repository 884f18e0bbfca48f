/**
 * The guard of an attempt that was acknowledged before it ran (delivery.md 12).
 *
 * The broker has forgotten the attempt's own message, so nobody would come back for it. The guard is a message of ours that
 * carries it, due when the attempt's lease ends: delivered while a worker is at it, it is told to come back; afterwards it
 * finds the end, or ends the task as lost, with everybody told. It is never run as a task, so it needs no record.
 *
 * @module
 */

import {
  decodePush,
  encodePush,
  type Fence,
  InvalidMessageError,
  type Publication,
  type TaskMessage,
  writeDate,
} from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { guardName } from "./guard-name.ts";
import { childId } from "./identity.ts";
import { publicationFor } from "./publication.ts";

/** An attempt that is to be guarded. */
export interface Guarded {
  readonly message: TaskMessage;
  readonly queue: string;
  readonly fence: Fence;
  /** Seconds until its lease ends. */
  readonly lease: number;
}

/** Makes the guard's message. */
export function guardOf(app: CallingApplication, { message, queue, fence, lease }: Guarded): Publication {
  const { id, root_id: root } = message.headers;
  const guard = childId(id, `guard:${fence.retries}:${fence.generation}:${fence.epoch}`);
  const headers = {
    lang: "js",
    task: guardName,
    id: guard,
    eta: writeDate(app.platform.now() + lease * 1000),
    retries: 0,
    root_id: root ?? id,
    parent_id: id,
    origin: `${app.name}@js`,
    ignore_result: true,
  };
  const properties = { correlation_id: guard, reply_to: "", queue };
  return publicationFor({ headers, properties, body: [[encodePush(message)], {}, null] }, { queue });
}

/** The message that a guard carries; undefined for any other message. Throws `InvalidMessageError` for one that carries none. */
export async function guardedBy({ headers, body: [[text]] }: TaskMessage): Promise<TaskMessage | undefined> {
  if (headers.task !== guardName) return undefined;
  if (typeof text === "string") return await decodePush(text);
  throw new InvalidMessageError("This guard carries no message");
}
