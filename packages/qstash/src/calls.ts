/**
 * What operators and workers both ask of QStash.
 *
 * @module
 */

import { UmbelError } from "@umbel/protocol";
import type { Message } from "@upstash/qstash";
import type { Ask } from "./official-client.ts";
import { isAnswer } from "./receipts.ts";

/** Most ids or labels in one call: they stand in its URL. */
export const mostNamed = 50;

/** Most calls of one kind that are under way at once. */
const mostAtOnce = 20;

/** The messages with these ids that wait or are being delivered; undefined in the place of one that is gone. */
export async function readMessages(ask: Ask, ids: readonly string[]): Promise<readonly (Message | undefined)[]> {
  const messages: (Message | undefined)[] = [];
  for (const part of partsOf(ids, mostAtOnce)) {
    messages.push(...(await Promise.all(part.map(async (id) => await readMessage(ask, id)))));
  }
  return messages;
}

async function readMessage(ask: Ask, id: string): Promise<Message | undefined> {
  try {
    return await ask((client) => client.messages.get(id));
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Whether a call failed because there is nothing of that name. */
export function isGone(error: unknown): boolean {
  return error instanceof UmbelError && isAnswer(error.cause) && error.cause.status === 404;
}

/** Cancels messages by their ids; returns how many were. */
export async function cancelMessages(ask: Ask, ids: readonly string[]): Promise<number> {
  let cancelled = 0;
  for (const part of partsOf(ids, mostNamed))
    cancelled += (await ask((client) => client.messages.cancel([...part]))).cancelled;
  return cancelled;
}

/** A list in parts of at most `size`; none of an empty one. */
export function partsOf<Item>(all: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, nth) => all.slice(nth * size, (nth + 1) * size));
}
