/**
 * The messages that tell about another message's delivery (qstash.md section 6).
 *
 * @module
 */

import type { Answer, Draft, Message, Submission } from "./message.ts";

/** A delivery that has ended. `deadLetterId` is set when it was the last and failed. */
export interface EndedDelivery {
  readonly message: Message;
  readonly answer: Answer;
  readonly deadLetterId: string | undefined;
}

/** What is to be sent about a delivery: the callback each time, the failure callback once, at the end. */
export function callbacksOf(delivery: EndedDelivery): readonly Submission[] {
  const { callback, failureCallback } = delivery.message.draft;
  const drafts = [callback, delivery.deadLetterId === undefined ? undefined : failureCallback];
  return drafts.flatMap((draft) => (draft === undefined ? [] : [submissionOf(draft, delivery)]));
}

function submissionOf(draft: Draft, delivery: EndedDelivery): Submission {
  const { id, lane, callerIp } = delivery.message;
  const body = new TextEncoder().encode(JSON.stringify(report(delivery)));
  return { draft, body, source: { id, lane }, ...(callerIp !== undefined && { callerIp }) };
}

/** Instants are texts of milliseconds, as in QStash. */
function report({ message, answer, deadLetterId }: EndedDelivery): Readonly<Record<string, unknown>> {
  const { draft } = message;
  return {
    status: answer.status,
    header: answer.headers,
    body: Buffer.from(answer.body).toString("base64"),
    retried: message.retried,
    maxRetries: draft.retries,
    ...(deadLetterId !== undefined && { dlqId: deadLetterId }),
    sourceMessageId: message.id,
    url: draft.url,
    method: draft.method,
    sourceHeader: Object.fromEntries(Object.entries(draft.headers).map(([name, value]) => [name, [value]])),
    sourceBody: Buffer.from(message.body).toString("base64"),
    notBefore: String(message.notBefore),
    createdAt: String(message.createdAt),
    ...(draft.scheduleId !== undefined && { scheduleId: draft.scheduleId }),
    ...(message.callerIp !== undefined && { callerIP: message.callerIp }),
  };
}
