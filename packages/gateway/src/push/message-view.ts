/**
 * Messages and dead letters as the API shows them (qstash.md section 4).
 *
 * @module
 */

import { createHash } from "node:crypto";

import type { DeadLetter, Draft, Message } from "./message.ts";

/** A value of the API's JSON; what is `undefined` is left out. */
export type View = Readonly<Record<string, unknown>>;

/** Shows a message, without what its publisher wants nobody to see. */
export function messageView({ id, draft, body, ...message }: Message): View {
  return {
    messageId: id,
    url: draft.url,
    ...templateView(draft, body),
    maxRetries: draft.retries,
    notBefore: message.notBefore,
    createdAt: message.createdAt,
    scheduleId: draft.scheduleId,
    callerIP: message.callerIp,
  };
}

/** Shows what is to be delivered: that of a message, or of all that a schedule sends. */
export function templateView(draft: Draft, body: Uint8Array): View {
  const { labels, flow } = draft;
  return {
    method: draft.method,
    header: shownHeaders(draft.headers, draft.redact),
    ...(draft.redact.includes("body") && body.length > 0 ? { body: redacted(body) } : bytesView("body", body)),
    callback: draft.callback?.url,
    failureCallback: draft.failureCallback?.url,
    queueName: draft.queue,
    ...(labels.length > 0 && { label: labels[0], labels }),
    flowControlKey: flow?.key,
    parallelism: flow?.parallelism,
    rate: flow?.rate,
    period: flow?.period,
    retryDelayExpression: draft.retryDelay,
  };
}

/** A message's body as the logs show it: in base64, but for one that nobody is to see. */
export function loggedBody({ draft, body }: Message): string | undefined {
  if (body.length === 0) return undefined;
  return draft.redact.includes("body") ? redacted(body) : Buffer.from(body).toString("base64");
}

/** Shows a dead letter: the message and the last answer to it. */
export function deadLetterView({ id, message, answer }: DeadLetter): View {
  return {
    dlqId: id,
    ...messageView(message),
    responseStatus: answer.status,
    responseHeader: answer.headers,
    ...bytesView("responseBody", answer.body),
  };
}

/** Text where it is text, else base64 under a name of its own; nothing when there is nothing. */
function bytesView(name: string, bytes: Uint8Array): View {
  if (bytes.length === 0) return {};
  try {
    return { [name]: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { [`${name}Base64`]: Buffer.from(bytes).toString("base64") };
  }
}

function shownHeaders(
  headers: Readonly<Record<string, string>>,
  redact: readonly string[],
): Readonly<Record<string, string[]>> {
  const all = redact.includes("header") || redact.includes("headers");
  const names = new Set(redact.map((each) => /^headers?\[(.+)\]$/.exec(each)?.[1]?.toLowerCase()));
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      [all || names.has(name.toLowerCase()) ? redacted(value) : value],
    ]),
  );
}

/** Equal values stay recognisable as equal. */
function redacted(value: string | Uint8Array): string {
  return `REDACTED:${createHash("sha256").update(value).digest("hex")}`;
}
