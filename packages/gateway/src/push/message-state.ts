/**
 * The states of a message, and which may follow which.
 *
 * Whatever is DELIVERED or CANCELLED is deleted: there is no row in these states. FAILED is a dead letter.
 *
 * @module
 */

/** Where a message stands. */
export type MessageState = "CREATED" | "ACTIVE" | "RETRY" | "CANCEL_REQUESTED" | "DELIVERED" | "FAILED" | "CANCELLED";

/** What may follow what. ACTIVE becomes RETRY also when the gateway died: the delivery is then made again. */
export const transitions: Readonly<Record<MessageState, readonly MessageState[]>> = {
  CREATED: ["ACTIVE", "CANCELLED"],
  ACTIVE: ["DELIVERED", "RETRY", "FAILED", "CANCEL_REQUESTED"],
  RETRY: ["ACTIVE", "CANCELLED"],
  // Cancelled in the middle of a delivery: that one may still succeed, but nothing is sent again.
  CANCEL_REQUESTED: ["DELIVERED", "CANCELLED"],
  DELIVERED: [],
  FAILED: [],
  CANCELLED: [],
};

/** As an SQL condition: sent at least once, and not ended. To the letter the condition of the index `message_begun`. */
export const hasBegun = "state IN ('ACTIVE', 'CANCEL_REQUESTED', 'RETRY')";

/** States from which a message may move to `state`, as an SQL condition. */
export function mayBecome(state: MessageState): string {
  const froms = Object.entries(transitions).filter(([, nexts]) => nexts.includes(state));
  return `state IN (${froms.map(([from]) => `'${from}'`).join(", ")})`;
}
