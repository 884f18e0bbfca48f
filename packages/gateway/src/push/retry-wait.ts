/**
 * How long to wait before a message is sent again (qstash.md section 6).
 *
 * @module
 */

import { parseExpression } from "./expression.ts";

/** No wait is longer, in seconds; an expression may go beyond the day that caps the default. */
const longest = 365 * 86_400;

/** What the wait before the next retry depends on. */
export interface RetryWait {
  /** Retries done so far: 0 after the first delivery failed. */
  readonly retried: number;
  /** Seconds that the destination asked for, when it did. */
  readonly asked: number | undefined;
  /** The publisher's expression for milliseconds, when there is one. */
  readonly expression: string | undefined;
}

/**
 * Seconds before the next retry. What the destination asks for wins over the publisher's expression: it knows when it
 * can be reached again, and a leased task says so (delivery.md 7). QStash documents no precedence between the two.
 */
export function retryWait({ retried, asked, expression }: RetryWait): number {
  if (asked !== undefined) return asked;
  if (expression === undefined) return backoff(retried + 1);
  const milliseconds = parseExpression(expression)(retried);
  return Number.isNaN(milliseconds) ? backoff(retried + 1) : Math.min(longest, Math.max(0, milliseconds / 1000));
}

/** Seconds before the n-th retry by default: e^(2.5 n), at most a day (12 s, 2 m 28 s, 30 m 8 s, 6 h 7 m 6 s, 24 h). */
export function backoff(retry: number): number {
  return Math.min(86_400, Math.floor(Math.exp(2.5 * retry)));
}
