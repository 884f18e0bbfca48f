/**
 * The official client as operators and workers use it: on a time limit, and every error that leaves is ours.
 *
 * @module
 */

import { timerOf, UmbelError } from "@umbel/protocol";
import { Client, type Message, QstashError } from "@upstash/qstash";
import type { Opening } from "./settings.ts";
import { withinTime, type Within } from "./within.ts";

/** Most ids or labels in one call: they stand in its URL. */
export const mostNamed = 50;

/** Most calls of one kind that are under way at once. */
const mostAtOnce = 20;

/** The client, and what its calls go through. */
export interface Calls {
  readonly client: Client;
  readonly within: Within;
}

/** Opens the client. Throws `ImproperlyConfigured` for a time-out that leaves no time. */
export function openCalls({ account: { url, token }, requestTimeout: timeout }: CallSettings): Calls {
  const limit = timerOf("requestTimeout", timeout);
  return {
    // See `openApi` for the options.
    client: new Client({ baseUrl: url, token, devMode: false, enableTelemetry: false, retry: false }),
    within: withinTime(url, limit, () => new Error(`no answer in ${timeout} seconds`)),
  };
}

/** What the client is opened with. */
export type CallSettings = Pick<Opening, "account" | "requestTimeout">;

/** The messages with these ids that wait or are being delivered; undefined in the place of one that is gone. */
export async function readMessages(calls: Calls, ids: readonly string[]): Promise<readonly (Message | undefined)[]> {
  const messages: (Message | undefined)[] = [];
  for (const part of partsOf(ids, mostAtOnce)) {
    messages.push(...(await Promise.all(part.map(async (id) => await readMessage(calls, id)))));
  }
  return messages;
}

async function readMessage({ client, within }: Calls, id: string): Promise<Message | undefined> {
  try {
    return await within(client.messages.get(id));
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Whether a call failed because there is nothing of that name. */
export function isGone(error: unknown): boolean {
  return error instanceof UmbelError && error.cause instanceof QstashError && error.cause.status === 404;
}

/** Cancels messages by their ids; returns how many were. */
export async function cancelMessages({ client, within }: Calls, ids: readonly string[]): Promise<number> {
  let cancelled = 0;
  for (const part of partsOf(ids, mostNamed)) cancelled += (await within(client.messages.cancel([...part]))).cancelled;
  return cancelled;
}

/** A list in parts of at most `size`; none of an empty one. */
export function partsOf<Item>(all: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, nth) => all.slice(nth * size, (nth + 1) * size));
}
