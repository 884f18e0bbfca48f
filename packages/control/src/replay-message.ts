/**
 * The message that a dead letter is sent again as.
 *
 * It is sent under the next generation, which makes it an attempt of its own: whoever claims it runs it although the one before
 * has ended (delivery.md 3). All else stays, but for what has run out, and what was asked to be other.
 *
 * @module
 */

import { changeEverything, resultIdOf } from "@umbel/canvas";
import { childId } from "@umbel/core";
import {
  readDate,
  reprArgs,
  reprKwargs,
  type Signature,
  type TaskBody,
  type TaskHeaders,
  type TaskMessage,
} from "@umbel/protocol";
import type { ReplayOptions } from "./replayed.ts";

/** What a message becomes. */
export interface Resending extends Pick<ReplayOptions, "args" | "kwargs"> {
  readonly generation: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether it is a new task. */
  readonly asNew: boolean;
  /** Whether the steps that follow it have ended with it, so that they need new ids. */
  readonly hasEnded: boolean;
}

/** Makes the message. The same letter and generation give the same one, whoever replays it. */
export function resentMessage(message: TaskMessage, resending: Resending): TaskMessage {
  const edited = { ...message, body: editedBody(message.body, resending) };
  return resending.asNew ? newTask(edited, resending) : sameTask(edited, resending);
}

/** Id of the last step of the chain that follows a message; undefined where none does. */
export function endOfChain({ body: [, , embed] }: TaskMessage): string | undefined {
  const [last] = embed?.chain ?? [];
  return last === undefined ? undefined : resultIdOf(last);
}

function sameTask({ headers, properties, body }: TaskMessage, resending: Resending): TaskMessage {
  const { requeues: _requeues, ...kept } = properties;
  const { id, replay_of: origin } = headers;
  const replayOf = typeof origin === "string" ? origin : id;
  return {
    headers: { ...headers, ...expiryIn(headers, resending), ...textsOf(body, resending), replay_of: replayOf },
    properties: { ...kept, generation: resending.generation },
    body: resending.hasEnded ? renewed(body, resending) : body,
  };
}

/** Nobody waits for a new task: it begins anew, and belongs to no chord. */
function newTask({ headers, properties, body }: TaskMessage, resending: Resending): TaskMessage {
  const { requeues: _requeues, attempts_before: _before, added_at: _place, additions: _added, ...kept } = properties;
  const id = renewedId(headers.id, resending);
  const [args, kwargs, embed] = renewed(body, resending);
  const { chord: _chord, ...followers } = embed ?? {};
  const isRoot = (headers.root_id ?? headers.id) === headers.id;
  return {
    headers: {
      ...headers,
      ...expiryIn(headers, resending),
      ...textsOf(body, resending),
      id,
      ...(isRoot ? { root_id: id } : {}),
      group: null,
      group_index: null,
      retries: 0,
      replay_of: headers.id,
    },
    properties: { ...kept, correlation_id: id, generation: 0 },
    body: [args, kwargs, followers],
  };
}

/** What it was to be begun before has passed: whoever replays it wants it begun nevertheless. */
function expiryIn({ expires }: TaskHeaders, { now }: Resending): Pick<TaskHeaders, "expires"> {
  return expires !== null && expires !== undefined && readDate(expires) <= now ? { expires: null } : {};
}

function editedBody([args, kwargs, embed]: TaskBody, edit: Pick<ReplayOptions, "args" | "kwargs">): TaskBody {
  return [edit.args ?? args, edit.kwargs ?? kwargs, embed];
}

function textsOf([args, kwargs]: TaskBody, edit: Pick<ReplayOptions, "args" | "kwargs">): Partial<TaskHeaders> {
  return {
    ...(edit.args === undefined ? {} : { argsrepr: reprArgs(args) }),
    ...(edit.kwargs === undefined ? {} : { kwargsrepr: reprKwargs(kwargs) }),
  };
}

/** A body whose chain goes on under new ids: the old ones have ended, and an end is never taken back. */
function renewed([args, kwargs, embed]: TaskBody, resending: Resending): TaskBody {
  const { chain } = embed ?? {};
  if (!chain) return [args, kwargs, embed];
  return [args, kwargs, { ...embed, chain: chain.map((step) => renewedStep(step, resending)) }];
}

function renewedStep(step: Signature, resending: Resending): Signature {
  return changeEverything(step, (each) => {
    const { task_id: task, group_id: group } = each.options;
    const ids = {
      ...(task ? { task_id: renewedId(task, resending) } : {}),
      ...(group ? { group_id: renewedId(group, resending) } : {}),
    };
    return { ...each, options: { ...each.options, ...ids } };
  });
}

function renewedId(id: string, { generation }: Resending): string {
  return childId(id, `replay/${generation}`);
}
