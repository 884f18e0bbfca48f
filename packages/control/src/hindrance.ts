/**
 * Why a dead letter cannot be sent again.
 *
 * @module
 */

import { isOwnTask } from "@umbel/core";
import type { TaskMessage, TaskRecordView } from "@umbel/protocol";
import { isHeld } from "./held.ts";

/** How it is to be sent; `now` is milliseconds since 1970. */
export interface Intention {
  readonly asNew: boolean;
  readonly now: number;
}

/** Why its task would not run, for people; undefined when it would. The record is what the store knows of it. */
export function hindranceOf(
  message: TaskMessage,
  record: TaskRecordView | undefined,
  intention: Intention,
): string | undefined {
  if (message.body[2]?.given) return "its arguments were kept in the store, and are gone";
  const hasEnded = record?.state !== undefined;
  if (isOwnTask(message.headers.task) && (intention.asNew || hasEnded)) return begun;
  return record === undefined || intention.asNew ? undefined : hindranceIn(record, intention);
}

/** A message of ours ends what it was to begin, where it fails. */
const begun = "it was to begin a canvas, of which all has ended with it: send the canvas again";

function hindranceIn(record: TaskRecordView, { now }: Intention): string | undefined {
  const { state, mark } = record;
  if (state === "SUCCESS" || state === "IGNORED") return `it has ended as ${state} meanwhile: ${anew}`;
  if (mark !== undefined) return `it was revoked: ${anew}`;
  return isHeld(record, now) ? "a worker runs it at this moment" : undefined;
}

const anew = "as a new task it can be sent again";
