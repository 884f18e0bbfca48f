/**
 * What operators ask of the memory broker.
 *
 * @module
 */

import type { AcceptedMessage, BrokerDesk, DeadMessage, HeldMessage, MessagePage, MessageQuery } from "@umbel/protocol";
import type { Courier, DeadLetter, WaitingMessage } from "./courier.ts";
import type { Flows } from "./flows.ts";
import { heldBack, heldOf } from "./held-back.ts";
import { pageOf } from "./listing.ts";
import type { Submissions } from "./submissions.ts";

/** What a desk looks into. */
export interface DeskOptions {
  readonly courier: Pick<Courier, "waiting" | "open" | "deadLetters">;
  readonly flows: Flows;
  readonly submissions: Submissions;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Opens it. */
export function memoryDesk({ courier, flows, submissions, now, newId }: DeskOptions): BrokerDesk {
  const { waiting, open, deadLetters } = courier;
  const { discard } = heldBack({ waiting, submissions, now });

  return {
    name: "memory",

    async accepted(query) {
      return pageOfMessages([...open, ...waiting], query, (message, held) => acceptedOf(message, held, open));
    },

    async dead(query) {
      return pageOfMessages(deadLetters, query, deadOf);
    },

    async discard(messageIds) {
      const delivered = [...open].filter(
        ({ queue, messageId }) => queue !== undefined && messageIds.includes(messageId),
      );
      for (const message of delivered) open.delete(message);
      return delivered.length + (await discard(messageIds));
    },

    async resend(letterIds) {
      const letters = takeOut(deadLetters, letterIds);
      waiting.push(...letters.map((letter) => renewed(letter, newId(), now())));
      return letters.length;
    },

    async bury(letterIds) {
      return takeOut(deadLetters, letterIds).length;
    },

    async pin(key, limits) {
      flows.pin(key, limits);
    },
  };
}

/** Those that are asked for, in the order in which they were published. */
function pageOfMessages<Kept extends WaitingMessage, Message extends HeldMessage>(
  kept: readonly Kept[],
  query: MessageQuery,
  show: (message: Kept, held: HeldMessage) => Message,
): MessagePage<Message> {
  const { queues, ids } = query;
  const wanted = kept.filter(({ queue = "", taskId }) => isAmong(queues, queue) && isAmong(ids, taskId));
  const placed = wanted.flatMap((message) => {
    const { createdAt: instant, messageId } = message;
    return heldOf(message).map((held) => ({ instant, name: messageId, view: show(message, held) }));
  });
  const { items, ...rest } = pageOf(placed, query);
  return { messages: items.map(({ view }) => view), ...rest };
}

function isAmong(wanted: readonly string[] | undefined, name: string): boolean {
  return wanted === undefined || wanted.includes(name);
}

function acceptedOf(message: WaitingMessage, held: HeldMessage, open: ReadonlySet<WaitingMessage>): AcceptedMessage {
  const { createdAt, dueAt, retried } = message;
  return { ...held, createdAt, ...(dueAt > createdAt && { notBefore: dueAt }), isOpen: open.has(message), retried };
}

function deadOf(letter: DeadLetter, held: HeldMessage): DeadMessage {
  const { createdAt, diedAt, status, reason } = letter;
  return { ...held, letterId: letterIdOf(letter), createdAt, diedAt, status, reason };
}

/** A message dies once: sent again, it has another id. */
function letterIdOf({ messageId }: DeadLetter): string {
  return `dead-${messageId}`;
}

/** Removes dead letters from the list, and returns them. */
function takeOut(deadLetters: DeadLetter[], letterIds: readonly string[]): readonly DeadLetter[] {
  const taken = deadLetters.filter((letter) => letter.queue !== undefined && letterIds.includes(letterIdOf(letter)));
  for (const letter of taken) deadLetters.splice(deadLetters.indexOf(letter), 1);
  return taken;
}

/** The message of a letter, as if it had just been published. */
function renewed(letter: DeadLetter, messageId: string, now: number): WaitingMessage {
  const { taskId, queue, url, failureUrl, body, flowKey } = letter;
  return { messageId, taskId, queue, url, failureUrl, body, flowKey, createdAt: now, dueAt: now, retried: 0 };
}
