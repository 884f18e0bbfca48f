/**
 * What QStash answered to a batch: a receipt each, or one error for all.
 *
 * @module
 */

import { BrokerRejected, BrokerUnavailable, type Receipt, type UmbelError } from "@umbel/protocol";
import { QstashError } from "@upstash/qstash";

/** A receipt for each of `count` messages. Throws `BrokerRejected` when the answer is not understood. */
export function receiptsIn(answer: unknown, count: number): readonly Receipt[] {
  if (!Array.isArray(answer) || answer.length !== count) {
    throw new BrokerRejected(`qstash: ${count} messages were answered with ${JSON.stringify(answer)}`);
  }
  return answer.map(receiptIn);
}

function receiptIn(row: unknown): Receipt {
  if (typeof row === "object" && row !== null) {
    if ("messageId" in row && typeof row.messageId === "string") {
      return {
        accepted: true,
        messageId: row.messageId,
        deduplicated: "deduplicated" in row && row.deduplicated === true,
      };
    }
    if ("error" in row) return refusal(String(row.error));
  }
  return refusal(`answered ${JSON.stringify(row)}`);
}

/** QStash says why in words only: what sounds like a limit, or like trouble of its own, may pass. */
function refusal(reason: string): Receipt {
  return {
    accepted: false,
    reason,
    transient: /rate|quota|daily|internal|unavailable|timeout|try again/i.test(reason),
  };
}

/** Our error for a call that failed as a whole. */
export function failureOf(cause: unknown): UmbelError {
  if (!(cause instanceof QstashError)) return new BrokerUnavailable(`qstash: ${messageOf(cause)}`, { cause });
  const { status = 0, message } = cause;
  if (status === 429 || status >= 500) return new BrokerUnavailable(`qstash: ${status} ${message}`, { cause });
  const hint = status === 401 || status === 403 ? " (QSTASH_TOKEN)" : "";
  return new BrokerRejected(`qstash: ${status} ${message}${hint}`, { cause });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
