/**
 * What follows the end of a task: its callbacks or errbacks, the rest of its chain, the chord that it is a member of.
 *
 * One function for each way to end, as the table of delivery.md 14 has it. A retry and a requeue are no ends.
 *
 * @module
 */

import { referenceIn, type Signature, type TaskEmbed, type TaskMessage } from "@umbel/protocol";
import { abandonChain, tellChord } from "./abandon.ts";
import { type Cause, type Failure, failed, gone, ignored, revoked } from "./cause.ts";
import { type Consequence, consequencesOf, type Following } from "./consequence.ts";
import { errbackCalls, failedCall } from "./errback.ts";
import { expand } from "./expand.ts";
import { freeze } from "./freeze.ts";
import { join, type Member } from "./join.ts";
import { clone } from "./signature.ts";
import { traceOf } from "./trace-links.ts";

/**
 * It has returned: callbacks, the next step, the chord, each with its value.
 * This and the others throw `InvalidMessageError` for a message whose canvas cannot be read, and what freezing throws for
 * a callback that cannot be sent; the sender has frozen both, so only a foreign one can be at fault.
 */
export function afterSuccess(message: TaskMessage, value: unknown, following: Following): readonly Consequence[] {
  return [
    ...callbackCalls(message, value, following),
    ...nextCalls(message, value, following),
    ...join(memberOf(message), { state: "SUCCESS", result: value }),
  ];
}

/** It has failed for good: errbacks; the rest of the chain fails for the same reason; the chord counts it as failed. */
export function afterFailure(message: TaskMessage, failure: Failure, following: Following): readonly Consequence[] {
  return afterCause(message, failed(failure), following);
}

/** It was revoked or has expired: as after a failure, with that reason, but that what waits is revoked. */
export function afterRevoked(message: TaskMessage, failure: Failure, following: Following): readonly Consequence[] {
  return afterCause(message, revoked(failure), following);
}

/** It asked to be ignored: the rest of the chain is revoked, the chord runs its body with null for it. */
export function afterIgnored(message: TaskMessage, following: Following): readonly Consequence[] {
  return afterEnd(message, ignored(), following);
}

function callbackCalls(message: TaskMessage, value: unknown, { childId }: Following): readonly Consequence[] {
  const { id } = message.headers;
  return (embedOf(message).callbacks ?? []).flatMap((callback, index) => {
    const frozen = freeze(callback, { id: childId(id, `link/${index}`), childId });
    return callsAfter(message, frozen.signature, value);
  });
}

function nextCalls(message: TaskMessage, value: unknown, following: Following): readonly Consequence[] {
  const remaining = embedOf(message).chain ?? [];
  const [next] = remaining.slice(-1);
  if (next === undefined) return [];
  if (referenceIn(next) !== undefined) return abandonLost(message, remaining, following);
  return callsAfter(message, clone(next, { options: { chain: remaining.slice(0, -1) } }), value);
}

/** Nobody knows any more what is next: what stands for it tells how the chain would have ended. */
function abandonLost(
  message: TaskMessage,
  remaining: readonly Signature[],
  following: Following,
): readonly Consequence[] {
  return abandonChain(remaining, gone("The rest of this chain"), { ...following, root: rootOf(message) });
}

function callsAfter(message: TaskMessage, signature: Signature, value: unknown): readonly Consequence[] {
  const { priority } = message.properties;
  const options = {
    parent_id: message.headers.id,
    root_id: rootOf(message),
    ...(typeof priority === "number" ? { parent_priority: priority } : {}),
  };
  return consequencesOf(expand(signature, { args: [value], options }));
}

function afterCause(message: TaskMessage, cause: Cause, following: Following): readonly Consequence[] {
  return [...errbacksOf(message, cause, following), ...afterEnd(message, cause, following)];
}

function errbacksOf(message: TaskMessage, cause: Cause, following: Following): readonly Consequence[] {
  const { headers } = message;
  const [args, kwargs] = message.body;
  const call = {
    id: headers.id,
    task: headers.task,
    args,
    kwargs,
    retries: headers.retries ?? 0,
    rootId: rootOf(message),
  };
  return errbackCalls(embedOf(message).errbacks ?? [], failedCall(call, cause), following);
}

function afterEnd(message: TaskMessage, cause: Cause, following: Following): readonly Consequence[] {
  const { id, task } = message.headers;
  const options = { ...following, root: rootOf(message) };
  const told = { ...cause, failure: { ...cause.failure, exc_origin: { id, task } } };
  return [...abandonChain(embedOf(message).chain, told, options), ...tellChord(memberOf(message), told, options)];
}

function memberOf(message: TaskMessage): Member {
  const { id, group, group_index: index } = message.headers;
  const { added_at: added, additions: adds } = message.properties;
  const { chord } = embedOf(message);
  return { id, root: rootOf(message), group, index, chord, added, adds, ...traceOf(message.headers) };
}

function embedOf({ body: [, , embed] }: TaskMessage): TaskEmbed {
  return embed ?? {};
}

function rootOf({ headers }: TaskMessage): string {
  return headers.root_id ?? headers.id;
}
