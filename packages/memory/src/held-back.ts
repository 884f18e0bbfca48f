/**
 * What the memory broker holds back until it is due: to look at, and to take back.
 *
 * @module
 */

import type { Broker, HeldMessage } from "@umbel/protocol";
import type { WaitingMessage } from "./courier.ts";
import type { Submissions } from "./submissions.ts";

/** What is looked into. */
export interface Holding {
  readonly waiting: WaitingMessage[];
  readonly submissions: Pick<Submissions, "forget">;
  readonly now: () => number;
}

/** Both methods of the port. */
export function heldBack(holding: Holding): Required<Pick<Broker, "discard" | "held">> {
  const { waiting, now } = holding;
  return {
    async held(ids) {
      const later = waiting.filter(({ dueAt, retried }) => retried === 0 && dueAt > now());
      return await Promise.resolve(later.filter(({ taskId }) => ids.includes(taskId)).flatMap(heldOf));
    },

    async discard(messageIds) {
      const discarded = waiting.filter(({ queue, messageId }) => queue !== undefined && messageIds.includes(messageId));
      for (const message of discarded) takeBack(holding, message);
      return await Promise.resolve(discarded.length);
    },
  };
}

/** Removes a message that has not been delivered. */
export function takeBack({ waiting, submissions }: Omit<Holding, "now">, message: WaitingMessage): void {
  waiting.splice(waiting.indexOf(message), 1);
  submissions.forget(message.messageId);
}

/** As the port shows it; nothing of a failure callback, which is nobody's message. */
export function heldOf({ messageId, queue, url, body }: WaitingMessage): readonly HeldMessage[] {
  return queue === undefined ? [] : [{ messageId, queue, target: url.slice(0, url.lastIndexOf("/q/")), body }];
}
