/**
 * A message as an entry of the logs (qstash.md section 4).
 *
 * @module
 */

import { bytesIn, optionalIntegerIn, type Row, textIn } from "../store/row.ts";
import type { Answer } from "./message.ts";
import { keptOfAnswer } from "./message-moves.ts";
import { messageIn } from "./message-row.ts";
import { loggedBody, messageView, type View } from "./message-view.ts";

/** The columns of an entry, with the body of its message or without. */
export function logColumns(hasBody: boolean): string {
  return `message.seq AS seq, message.id AS id, state, lane, due, retried, created_at, not_before, caller_ip, held_lane, draft,
    ${hasBody ? "message.body" : "NULL"} AS body,
    COALESCE(dead_letter.status, answer_status) AS answer_status,
    COALESCE(dead_letter.headers, answer_headers) AS answer_headers,
    substr(COALESCE(dead_letter.body, answer_body), 1, ${keptOfAnswer}) AS answer_body`;
}

/**
 * Shows an entry. It has a message's own fields too, for nothing else tells of it: `retried`, the deliveries that have failed,
 * and `notBefore`. What is CREATED or in RETRY, and whose `nextDeliveryTime` has passed, is due and waits for room.
 */
export function logEntryView(row: Row): View {
  const message = messageIn(row);
  const { createdAt, ...view } = messageView({ ...message, body: new Uint8Array() });
  return {
    time: createdAt,
    state: textIn(row, "state"),
    nextDeliveryTime: optionalIntegerIn(row, "due"),
    retried: message.retried,
    ...view,
    timeout: message.draft.timeout * 1000,
    body: loggedBody(message),
    ...answerView(answerIn(row)),
  };
}

function answerIn(row: Row): Answer | undefined {
  const status = optionalIntegerIn(row, "answer_status");
  if (status === undefined) return undefined;
  // Sound: both columns are written from an Answer only.
  const headers: Answer["headers"] = JSON.parse(textIn(row, "answer_headers"));
  return { status, headers, body: bytesIn(row, "answer_body") };
}

/** What went wrong last; nothing when there was no delivery yet, or the gateway died in the middle of it. */
function answerView(answer: Answer | undefined): View {
  if (answer === undefined) return {};
  const { status, headers, body } = answer;
  if (status === 0) return { error: new TextDecoder().decode(body), responseStatus: 0 };
  return {
    error: `The destination answered with status ${status}`,
    responseStatus: status,
    responseHeaders: headers,
    ...(body.length > 0 && { responseBody: Buffer.from(body).toString("base64") }),
  };
}
