/**
 * Lists what QStash has accepted and not delivered for good.
 *
 * The log of a message goes on after its end, so each is judged by its newest entry; and it is told with the page that has its
 * oldest one, so that no message is told twice.
 *
 * @module
 */

import type { AcceptedMessage, CallerBroker, MessagePage, MessageQuery } from "@umbel/protocol";
import { base64Text } from "./base64-text.ts";
import type { Ask } from "./official-client.ts";
import { readMessages } from "./calls.ts";
import { type LogEntry, type LogFilter, longestLogPage, readHistories, readLog } from "./log.ts";
import { pageOf, type Place, placeOf } from "./page-cursor.ts";
import { queueIn } from "./queue-url.ts";
import { hasEnded, type Standing, standingOf } from "./standing.ts";

/** What a listing works with. */
export interface Listing {
  readonly ask: Ask;
  readonly targetOf: CallerBroker["targetOf"];
}

/**
 * A page of what waits or is being delivered: a call for a page of the log, and for each fifty messages of it that have not
 * ended there one for their whole history. Messages whose log does not say all of them are read singly, twenty at a time:
 * on QStash those that wait without a time, on our gateway none.
 */
export async function acceptedPage(listing: Listing, query: MessageQuery): Promise<MessagePage<AcceptedMessage>> {
  const place = await placeOf(query);
  if (place === undefined) return { messages: [] };
  const { entries, cursor } = await readLog(listing.ask, {
    filter: filterOf(place, query, listing),
    count: Math.max(1, Math.min(longestLogPage, query.limit)),
    ...(place.cursor !== undefined && { cursor: place.cursor }),
  });
  const told = byMessage(entries.filter(({ url }) => url === undefined || isWanted(url, query)));
  const waiting = [...told.keys()].filter((id) => !hasEnded(told.get(id)));
  const histories = await readHistories(listing.ask, waiting);
  const here = waiting.flatMap((id) => standingOf(histories.get(id), told.get(id)) ?? []);
  const messages = await messagesOf(listing.ask, here);
  return pageOf(
    messages.filter((each) => query.queues?.includes(each.queue) ?? true),
    place.next(cursor),
  );
}

/**
 * Queues are found by their paths, on whatever host. A name that has to be escaped in a URL is not, for services differ in
 * which form of it they compare.
 */
function filterOf({ labels }: Place, { queues }: MessageQuery, { targetOf }: Listing): LogFilter {
  const isPlain = queues?.every((queue) => encodeURIComponent(queue) === queue) ?? false;
  const paths = isPlain
    ? queues?.flatMap((queue) => [`/q/${queue}`, `${pathOf(targetOf?.(queue))}/q/${queue}`])
    : undefined;
  return { ...(labels && { label: [...labels] }), ...(paths && { path: [...new Set(paths)] }) };
}

function pathOf(target: string | undefined): string {
  return target === undefined ? "" : new URL(target).pathname.replace(/\/$/, "");
}

function isWanted(url: string, { queues }: MessageQuery): boolean {
  const place = queueIn(url);
  return place !== undefined && (queues?.includes(place.queue) ?? true);
}

function byMessage(entries: readonly LogEntry[]): ReadonlyMap<string, readonly LogEntry[]> {
  const messages = new Map<string, LogEntry[]>();
  for (const entry of entries) messages.set(entry.messageId, [...(messages.get(entry.messageId) ?? []), entry]);
  return messages;
}

async function messagesOf(ask: Ask, standings: readonly Standing[]): Promise<readonly AcceptedMessage[]> {
  const unclear = standings.filter(isUnclear).map(({ messageId }) => messageId);
  const read = await readMessages(ask, unclear);
  const details = new Map(unclear.map((id, at) => [id, read[at]]));
  return standings.flatMap((each) => {
    if (!details.has(each.messageId)) return messageOf({ ...each, body: textIn(each.body) });
    const message = details.get(each.messageId);
    // It has ended meanwhile.
    if (message === undefined) return [];
    const { url, body, notBefore: due = each.createdAt } = message;
    return messageOf({ ...each, due: each.due ?? due, url, body: body ?? textIn(each.body) });
  });
}

/** The log may be without bodies, and of a message that was never delivered it may not say when that will be. */
function isUnclear({ url, body, due, isOpen, retried }: Standing): boolean {
  return url === undefined || body === undefined || (due === undefined && !isOpen && retried === 0);
}

/** Undefined for what is no text: we publish nothing else. */
function textIn(base64: string | undefined): string | undefined {
  try {
    return base64 === undefined ? undefined : base64Text(base64);
  } catch {
    return undefined;
  }
}

/** A message whose body is text; none when that, or its URL, is not ours. */
function messageOf(standing: Standing): readonly AcceptedMessage[] {
  const { messageId, createdAt, due = 0, isOpen, retried, url = "", body } = standing;
  const place = queueIn(url);
  if (place === undefined || body === undefined) return [];
  return [{ messageId, ...place, body, createdAt, ...(due > createdAt && { notBefore: due }), isOpen, retried }];
}
