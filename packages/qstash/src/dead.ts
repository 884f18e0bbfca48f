/**
 * Lists what QStash has given up: its dead letters.
 *
 * @module
 */

import type { DeadMessage, MessagePage, MessageQuery } from "@umbel/protocol";
import type { Client } from "@upstash/qstash";
import type { Ask } from "./official-client.ts";
import { pageOf, placeOf } from "./page-cursor.ts";
import { queueIn } from "./queue-url.ts";

/** Most dead letters in one answer. */
const longestPage = 100;

type DeadLetter = Awaited<ReturnType<Client["dlq"]["listMessages"]>>["messages"][number];

/** A page of the dead letters: one call. Which of them are of the queues that are asked for is seen here. */
export async function deadPage(ask: Ask, query: MessageQuery): Promise<MessagePage<DeadMessage>> {
  const place = await placeOf(query);
  if (place === undefined) return { messages: [] };
  const { labels, cursor: begin } = place;
  const { messages, cursor } = await ask((client) =>
    client.dlq.listMessages({
      ...(labels && { filter: { label: [...labels] } }),
      count: Math.max(1, Math.min(longestPage, query.limit)),
      ...(begin !== undefined && { cursor: begin }),
    }),
  );
  const shown = messages.flatMap(deadMessageOf);
  return pageOf(
    shown.filter(({ queue }) => query.queues?.includes(queue) ?? true),
    place.next(cursor || undefined),
  );
}

function deadMessageOf(letter: DeadLetter): readonly DeadMessage[] {
  const { dlqId: letterId, messageId, url, body, createdAt, responseStatus: status = 0, responseBody = "" } = letter;
  const place = queueIn(url);
  if (place === undefined || body === undefined) return [];
  const diedAt = instantIn(letterId) ?? createdAt;
  return [{ letterId, messageId, ...place, body, createdAt, diedAt, status, reason: responseBody }];
}

/** Its id is `<milliseconds>-<number>`; no field has the instant. */
function instantIn(letterId: string): number | undefined {
  const [, digits] = /^(\d{13,15})-/.exec(letterId) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
