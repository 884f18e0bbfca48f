/**
 * What the memory broker was given not long ago, so that it keeps the same only once.
 *
 * @module
 */

import { expiringMap } from "./expiring.ts";

/** Seconds during which publications with the same deduplication id are one. */
const deduplicationWindow = 600;

/** Messages by their deduplication ids. */
export interface Submissions {
  /** The id of the message that has this one. */
  find(deduplicationId: string): string | undefined;
  remember(deduplicationId: string, messageId: string): void;
  /** Of a message that was taken back before it was delivered: the next of its kind is one of its own. */
  forget(messageId: string): void;
}

/** Creates them, empty; `now` is a clock in milliseconds. */
export function createSubmissions(now: () => number): Submissions {
  const known = expiringMap<string>(now);
  const deduplicationIds = expiringMap<string>(now);

  return {
    find: (deduplicationId) => known.get(deduplicationId),
    remember(deduplicationId, messageId) {
      known.set(deduplicationId, messageId, deduplicationWindow);
      deduplicationIds.set(messageId, deduplicationId, deduplicationWindow);
    },
    forget(messageId) {
      const deduplicationId = deduplicationIds.get(messageId);
      if (deduplicationId !== undefined) known.delete(deduplicationId);
      deduplicationIds.delete(messageId);
    },
  };
}
