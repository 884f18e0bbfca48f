/**
 * Publications in QStash's words.
 *
 * @module
 */

import { encodePush, type FlowControl, MessageTooLargeError, type Publication } from "@umbel/protocol";
import type { PublishBatchRequest } from "@upstash/qstash";
import { headerText } from "./header-text.ts";
import type { FindWorker } from "./workers.ts";

/** How messages are published. */
export interface Publishing {
  readonly findWorker: FindWorker;
  readonly retries: number;
  readonly retryDelay: string;
  /** Seconds that a push may last; the plan's longest when absent. */
  readonly timeout: number | undefined;
  /** Bytes. */
  readonly maxMessageSize: number;
}

/** Milliseconds before the next delivery; the failure callback's as well (delivery.md 11). */
export const retryDelay = "min(3600000, 5000 * pow(2, retried))";

/** The same on a developer's machine, whose worker is often started late: nobody waits there much longer than he was late. */
export const developmentRetryDelay = "min(3600000, 5000 * pow(1.3, retried))";

/** Seconds that so many repetitions take. */
export function horizonOf(retries: number): number {
  let seconds = 0;
  for (let retried = 0; retried < retries; retried += 1) seconds += Math.min(3600, 5 * 2 ** retried);
  return seconds;
}

/** One message in a batch. */
export type BatchItem = PublishBatchRequest & { readonly body: string };

/** Makes the item of a publication. Throws `QueueNotFound`, `MessageTooLargeError`, `EncodeError`. */
export async function requestOf(publication: Publication, publishing: Publishing): Promise<BatchItem> {
  const { message, queue, notBefore, deduplicationId, flowControl } = publication;
  const { findWorker, retries, retryDelay: delay, timeout } = publishing;
  const worker = findWorker(publication);
  return {
    url: `${worker}/q/${encodeURIComponent(queue)}`,
    body: bodyOf(publication, publishing),
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Upstash-Failure-Callback-Retries": String(retries),
      "Upstash-Failure-Callback-Retry-Delay": delay,
    },
    failureCallback: `${worker}/failed`,
    retries,
    retryDelay: delay,
    deduplicationId: await headerText(deduplicationId),
    label: await headerText(message.headers.id),
    ...(notBefore !== undefined && { notBefore: Math.ceil(notBefore / 1000) }),
    ...(timeout !== undefined && { timeout }),
    ...(flowControl && { flowControl: await flowOf(flowControl) }),
  };
}

async function flowOf({ key, rate, period, parallelism }: FlowControl): Promise<NonNullable<BatchItem["flowControl"]>> {
  const limits = {
    key: await headerText(key),
    ...(parallelism !== undefined && { parallelism }),
    ...(period !== undefined && { period }),
  };
  // The client's type wants one of both; limits are checked where they are given.
  return rate === undefined ? { ...limits, parallelism: parallelism ?? 1 } : { ...limits, rate };
}

function bodyOf({ message }: Publication, { maxMessageSize }: Publishing): string {
  const body = encodePush(message);
  const size = new TextEncoder().encode(body).length;
  if (size <= maxMessageSize) return body;
  const { task, id } = message.headers;
  throw new MessageTooLargeError(`qstash: ${task}[${id}] has ${size} bytes, the limit is ${maxMessageSize}`);
}
