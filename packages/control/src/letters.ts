/**
 * What a broker has given up, as tasks.
 *
 * @module
 */

import { globExpression } from "@umbel/core";
import {
  attemptNumber,
  type DeadMessage,
  decodePush,
  ImproperlyConfigured,
  reprArgs,
  reprKwargs,
  type TaskMessage,
} from "@umbel/protocol";
import type { Page, PageRequest } from "./control.ts";
import type { Desk } from "./desk.ts";
import type { DeadTask, ReplayFilter } from "./replayed.ts";
import { readEach } from "./unread.ts";

/** A message that the broker has given up. */
export interface Letter {
  readonly dead: DeadMessage;
  readonly message: TaskMessage;
}

/** A part of the letters that fit. Throws `ImproperlyConfigured` for a filter that makes no sense, and `BrokerUnavailable`. */
export async function letterPage(
  desk: Desk,
  filter: ReplayFilter,
  request: { readonly cursor?: string; readonly limit: number },
): Promise<Page<Letter>> {
  const fits = filterOf(filter);
  const { queue, ids } = filter;
  const query = {
    ...request,
    ...(queue === undefined ? {} : { queues: [queue] }),
    ...(ids === undefined ? {} : { ids }),
  };
  const { messages, cursor } = await desk.broker().dead(query);
  const { items, unread } = await readEach(messages, async (dead) => ({ dead, message: await decodePush(dead.body) }));
  return { items: items.filter(fits), unread, ...(cursor === undefined ? {} : { cursor }) };
}

/** A page's size where nothing is said. */
const pageSize = 100;

/** The same for people. */
export async function deadPage(
  desk: Desk,
  filter: ReplayFilter,
  { cursor, limit = pageSize }: PageRequest,
): Promise<Page<DeadTask>> {
  const page = await letterPage(desk, filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
  return { ...page, items: page.items.map(deadTaskOf) };
}

/** A letter as people see it. */
export function deadTaskOf({ dead, message: { headers, body } }: Letter): DeadTask {
  const { queue, letterId, diedAt, status, reason } = dead;
  return {
    id: headers.id,
    task: headers.task,
    queue,
    args: headers.argsrepr ?? reprArgs(body[0]),
    kwargs: headers.kwargsrepr ?? reprKwargs(body[1]),
    retries: headers.retries ?? 0,
    letterId,
    diedAt,
    status,
    reason,
  };
}

/** Of one task: which of two letters is of the later attempt, or of the later sending of one. */
export function compareLetters({ message: one }: Letter, { message: other }: Letter): number {
  return attemptNumber(one) - attemptNumber(other) || generationOf(one) - generationOf(other);
}

/** How often it was sent on purpose before. */
export function generationOf({ properties }: TaskMessage): number {
  return properties.generation ?? 0;
}

/** Whether a letter fits all that is said. */
function filterOf({ task, since, until }: ReplayFilter): (letter: Letter) => boolean {
  const from = instantOf("since", since) ?? -Infinity;
  const to = instantOf("until", until) ?? Infinity;
  const name = task === undefined ? undefined : globExpression(task);
  return ({ dead: { diedAt }, message }) => {
    return diedAt >= from && diedAt < to && name?.test(message.headers.task) !== false;
  };
}

function instantOf(name: string, at: Date | number | undefined): number | undefined {
  const instant = at === undefined ? undefined : Number(at);
  if (!Number.isNaN(instant)) return instant;
  throw new ImproperlyConfigured(`${name} is ${String(at)}: give a Date, or milliseconds since 1970`);
}
