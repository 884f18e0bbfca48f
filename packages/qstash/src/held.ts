/**
 * Finds what QStash holds back of some tasks, and takes it back.
 *
 * No call of its API lists messages. The logs of their labels name them, as far back as the logs go; each is then read by
 * its id, which says whether it is still there and when it is due.
 *
 * @module
 */

import type { Broker, HeldMessage } from "@umbel/protocol";
import type { Client, Message } from "@upstash/qstash";
import { type AskSettings, openAccount } from "./ask.ts";
import { cancelMessages, mostNamed, partsOf, readMessages } from "./calls.ts";
import { headerText } from "./header-text.ts";
import type { Ask } from "./official-client.ts";
import { queueIn } from "./queue-url.ts";

/** Most log entries in one answer. */
const longestPage = 1000;

/** Both methods of the port. */
export function heldMessages(settings: AskSettings): Required<Pick<Broker, "discard" | "held">> {
  const { ask } = openAccount(settings);

  return {
    async held(ids) {
      const labels = await Promise.all(ids.map(headerText));
      const messageIds: string[] = [];
      for (const part of partsOf(labels, mostNamed)) messageIds.push(...(await namesOf(ask, part)));
      const messages = await readMessages(ask, messageIds);
      return messages.flatMap((each) => shown(each, Date.now()));
    },

    discard: (messageIds) => cancelMessages(ask, messageIds),
  };
}

/** Ids of the messages that were published under these labels. */
async function namesOf(ask: Ask, labels: readonly string[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const filter = { label: [...labels], state: "CREATED" as const, count: longestPage };
    const from = cursor === "" ? {} : { cursor };
    const page: Awaited<ReturnType<Client["logs"]>> = await ask((client) => client.logs({ filter, ...from }));
    for (const { messageId } of page.logs) names.add(messageId);
    cursor = page.cursor;
  }
  return names;
}

function shown(message: Message | undefined, now: number): readonly HeldMessage[] {
  const { messageId = "", url = "", body, notBefore = 0 } = message ?? {};
  const place = queueIn(url);
  return place === undefined || body === undefined || notBefore <= now ? [] : [{ messageId, ...place, body }];
}
