/**
 * Delivers one message: its headers, its signature, its answer.
 *
 * @module
 */

import { randomUUID } from "node:crypto";

import type { Answer, Message } from "./message.ts";
import type { PushClient } from "./push-client.ts";
import { sign } from "./signature.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** The region that receivers are told: a client that knows several has to know this one (qstash.md section 5). */
const region = "EU-CENTRAL-1";

/** What a delivery needs. */
export interface DeliveryOptions {
  readonly client: PushClient;
  readonly keys: () => SigningKeys;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Sends a message once. Never rejects: see {@link PushClient.push}. */
export type Deliver = (message: Message) => Promise<Answer>;

/** Creates the delivery. */
export function createDelivery({ client, keys, now }: DeliveryOptions): Deliver {
  return (message) => {
    const { draft, body } = message;
    const signature = sign({ url: draft.url, body, id: `jwt_${randomUUID()}`, now: now() }, keys().current);
    // Ours come last: a publisher may forward what it once received, signature and all.
    const headers = { ...draft.headers, ...systemHeaders(message), "Upstash-Signature": signature };
    return client.push({ url: draft.url, method: draft.method, headers, body, timeout: draft.timeout });
  };
}

function systemHeaders(message: Message): Record<string, string> {
  return {
    "User-Agent": "Upstash-QStash",
    "Upstash-Message-Id": message.id,
    "Upstash-Retried": String(message.retried),
    "Upstash-Region": region,
    ...(message.callerIp !== undefined && { "Upstash-Caller-Ip": message.callerIp }),
    ...(message.draft.scheduleId !== undefined && { "Upstash-Schedule-Id": message.draft.scheduleId }),
  };
}
