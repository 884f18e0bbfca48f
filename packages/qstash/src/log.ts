/**
 * Reads the logs, which are all that QStash's API has to tell which messages there are.
 *
 * QStash keeps an entry for each step of a message, newest first; our gateway one for each message that it still has, which
 * tells how it stands. What is written here holds for both.
 *
 * @module
 */

import { BrokerRejected } from "@umbel/protocol";
import type { LogsRequest } from "@upstash/qstash";
import * as z from "zod/mini";
import type { Ask } from "./official-client.ts";
import { mostNamed, partsOf } from "./calls.ts";

/** What an entry tells, as far as we ask. Instants are milliseconds since 1970. */
export interface LogEntry {
  readonly messageId: string;
  /** CREATED, ACTIVE, RETRY...: of the message, when it was written. */
  readonly state: string;
  readonly time: number;
  readonly url?: string;
  /** In base64. */
  readonly body?: string;
  readonly nextDeliveryTime?: number;
  /** Deliveries that have failed: told by our gateway only. */
  readonly retried?: number;
}

/** Some entries, newest first; without a cursor they are the last. */
export interface LogPage {
  readonly entries: readonly LogEntry[];
  readonly cursor?: string;
}

/** Which entries are asked for. */
export type LogFilter = NonNullable<LogsRequest["filter"]>;

const Page: z.ZodMiniType<{ readonly logs: readonly LogEntry[]; readonly cursor?: string | undefined }> = z.looseObject(
  {
    logs: z.array(
      z.looseObject({
        messageId: z.string(),
        state: z.string(),
        time: z.coerce.number(),
        url: z.exactOptional(z.string()),
        body: z.exactOptional(z.string()),
        nextDeliveryTime: z.exactOptional(z.coerce.number()),
        retried: z.exactOptional(z.int()),
      } satisfies { [K in keyof LogEntry]-?: z.ZodMiniType<LogEntry[K]> }),
    ),
    cursor: z.optional(z.string()),
  },
);

/** Most entries in one answer. */
export const longestLogPage = 1000;

/** Reads a page of the log: one call. */
export async function readLog(ask: Ask, request: LogsRequest): Promise<LogPage> {
  const answer = await ask<unknown>((client) => client.logs(request));
  const page = Page.safeParse(answer);
  if (!page.success) {
    throw new BrokerRejected(`qstash: the answer is no log: ${page.error.message}`, { isOfCaller: true });
  }
  const { logs: entries, cursor } = page.data;
  return { entries, ...(cursor !== undefined && cursor !== "" && { cursor }) };
}

/**
 * All that the log has of these messages, each newest first: a call for fifty of them, and more where they have been
 * delivered so often that their entries do not fit in one answer.
 */
export async function readHistories(
  ask: Ask,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly LogEntry[]>> {
  const histories = new Map<string, LogEntry[]>();
  const parts = await Promise.all(partsOf(ids, mostNamed).map((part) => entriesOf(ask, part)));
  for (const entry of parts.flat()) {
    const history = histories.get(entry.messageId);
    if (history) history.push(entry);
    else histories.set(entry.messageId, [entry]);
  }
  return histories;
}

async function entriesOf(ask: Ask, ids: readonly string[]): Promise<readonly LogEntry[]> {
  const { entries, cursor } = await readLog(ask, { messageIds: [...ids], count: longestLogPage });
  if (cursor === undefined || ids.length === 1) return entries;
  // The client takes no cursor beside ids.
  const parts = partsOf(ids, Math.ceil(ids.length / 2));
  return (await Promise.all(parts.map((part) => entriesOf(ask, part)))).flat();
}
