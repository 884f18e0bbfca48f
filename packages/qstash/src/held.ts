/**
 * Finds what QStash holds back of some tasks, and takes it back.
 *
 * No call of its API lists messages. The logs of their labels name them, as far back as the logs go; each is then read by
 * its id, which says whether it is still there and when it is due.
 *
 * @module
 */

import { type Broker, type HeldMessage, timerOf, UmbelError } from "@umbel/protocol";
import { Client, type Message, QstashError } from "@upstash/qstash";
import { headerText } from "./header-text.ts";
import type { Opening } from "./settings.ts";
import { withinTime, type Within } from "./within.ts";

/** Most labels in one call, and most messages that are read at once. */
const mostAtOnce = 20;

/** Most log entries in one answer. */
const longestPage = 1000;

/** Both methods of the port. */
export function heldMessages({
  account: { url, token },
  requestTimeout: timeout,
}: Pick<Opening, "account" | "requestTimeout">): Required<Pick<Broker, "discard" | "held">> {
  const client = new Client({ baseUrl: url, token, devMode: false, enableTelemetry: false, retry: false });
  const limit = timerOf("requestTimeout", timeout);
  const within = withinTime(url, limit, () => new Error(`no answer in ${timeout} seconds`));

  return {
    async held(ids) {
      const labels = await Promise.all(ids.map(headerText));
      const messageIds: string[] = [];
      for (const part of partsOf(labels)) messageIds.push(...(await namesOf(client, within, part)));
      const messages: (Message | undefined)[] = [];
      for (const part of partsOf(messageIds)) {
        messages.push(...(await Promise.all(part.map(async (id) => await messageOf(client, within, id)))));
      }
      return messages.flatMap((each) => shown(each, Date.now()));
    },

    async discard(messageIds) {
      if (messageIds.length === 0) return 0;
      const { cancelled } = await within(client.messages.cancel([...messageIds]));
      return cancelled;
    },
  };
}

function partsOf(all: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(all.length / mostAtOnce);
  return Array.from({ length: count }, (_, nth) => all.slice(nth * mostAtOnce, (nth + 1) * mostAtOnce));
}

/** Ids of the messages that were published under these labels. */
async function namesOf(client: Client, within: Within, labels: readonly string[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const filter = { label: [...labels], state: "CREATED" as const, count: longestPage };
    const page: Awaited<ReturnType<Client["logs"]>> = await within(
      client.logs({ filter, ...(cursor === "" ? {} : { cursor }) }),
    );
    for (const { messageId } of page.logs) names.add(messageId);
    cursor = page.cursor;
  }
  return names;
}

/** A message; undefined once it has been delivered, or was taken back. */
async function messageOf(client: Client, within: Within, id: string): Promise<Message | undefined> {
  try {
    return await within(client.messages.get(id));
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof UmbelError && error.cause instanceof QstashError && error.cause.status === 404;
}

function shown(message: Message | undefined, now: number): readonly HeldMessage[] {
  const { messageId = "", url = "", body, notBefore = 0 } = message ?? {};
  const at = url.lastIndexOf("/q/");
  const queue = at === -1 ? undefined : decoded(url.slice(at + 3));
  if (queue === undefined || body === undefined || notBefore <= now) return [];
  return [{ messageId, queue, target: url.slice(0, at), body }];
}

/** Undefined for what we have not written: others may publish under the same label. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
