/**
 * What QStash answered to a batch: a receipt each, or one error for all.
 *
 * @module
 */

import {
  BrokerRejected,
  BrokerUnavailable,
  isLoopback,
  networkCode,
  type Receipt,
  type UmbelError,
} from "@umbel/protocol";

/** What QStash says of one message: an id, or why not. */
interface Row {
  readonly messageId?: string;
  readonly deduplicated?: boolean;
  readonly error?: string;
}

/** A receipt for each of `count` messages. Throws `BrokerRejected` when the answer is not understood. */
export function receiptsIn(answer: unknown, count: number): readonly Receipt[] {
  if (isRows(answer) && answer.length === count) return answer.map(receiptIn);
  const answered = `qstash: ${count} messages were answered with ${JSON.stringify(answer)}`;
  throw new BrokerRejected(answered, { isOfCaller: true });
}

function isRows(answer: unknown): answer is readonly Row[] {
  return Array.isArray(answer) && answer.every(isRow);
}

function isRow(row: unknown): row is Row {
  if (typeof row !== "object" || row === null) return false;
  const { messageId = "", deduplicated = false, error = "" }: { readonly [K in keyof Row]?: unknown } = row;
  return typeof messageId === "string" && typeof deduplicated === "boolean" && typeof error === "string";
}

function receiptIn({ messageId, deduplicated = false, error = "no message id was given" }: Row): Receipt {
  return messageId === undefined ? refusal(error) : { accepted: true, messageId, deduplicated };
}

/** What QStash says, in words only, of a limit on messages in a time, or of trouble of its own. A plan's other limits stay. */
const passing = /\b(?:rate limit|too many requests|daily|internal server error|unavailable|timed out|try again)\b/i;

/** A refusal names what it refuses: the words of a URL, or of a value in quotes, are not QStash's own. */
function refusal(reason: string): Receipt {
  const own = reason.replaceAll(/"[^"]*"|https?:\S+/g, "");
  return { accepted: false, reason, transient: passing.test(own) };
}

/** Statuses of a call that may be refused for one of its messages: all others are for whoever calls, and where. */
const ofMessages: ReadonlySet<number> = new Set([400, 412, 413, 422]);

/** Whether QStash has answered with an error: the client's, the only ones that have a status. Its class may not be loaded yet. */
export function isAnswer(cause: unknown): cause is Error & { readonly status?: number } {
  return cause instanceof Error && "status" in cause;
}

/** Our error for a call that failed as a whole, to the service at `url`. */
export function failureOf(cause: unknown, url: string): UmbelError {
  if (!isAnswer(cause)) {
    const hint = isLoopback(url)
      ? ": does the gateway run? npx umbel gateway starts it, npm run gateway in Umbel's own tree; QSTASH_URL names another"
      : "";
    return new BrokerUnavailable(`qstash: no answer from ${url} (${networkCode(cause) ?? messageOf(cause)})${hint}`, {
      cause,
    });
  }
  const { status = 0 } = cause;
  const said = `${status} ${wordsOf(cause)}`;
  if (status === 429 || status >= 500) return new BrokerUnavailable(`qstash: ${said}`, { cause });
  const wrong = status === 401 ? "the token is wrong: " : "";
  const hint = status === 401 || status === 403 ? " (QSTASH_TOKEN)" : "";
  return new BrokerRejected(`qstash: ${wrong}${said}${hint}`, { cause, isOfCaller: !ofMessages.has(status) });
}

/** The client gives the answer's body as it is: JSON, mostly. */
function wordsOf({ message }: Error): string {
  return /^\{"error":"([^"\\]+)"\}$/.exec(message)?.[1] ?? message;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
