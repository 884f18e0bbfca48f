/**
 * Takes publications in, as the memory broker's `publish`: refuses what no broker takes, and keeps each once.
 *
 * @module
 */

import type { BrokerTraits, Publication, Receipt } from "@umbel/protocol";
import { encodePush, MessageTooLargeError, QueueNotFound } from "@umbel/protocol";
import type { WaitingMessage } from "./courier.ts";
import type { Flows } from "./flows.ts";
import type { Submissions } from "./submissions.ts";

/** What an intake needs. */
export interface IntakeOptions {
  readonly now: () => number;
  readonly newId: () => string;
  /** Base URL of the worker that serves every queue. */
  readonly url: string;
  /** Base URLs that a message may name itself. */
  readonly targets: readonly string[];
  readonly traits: BrokerTraits;
  readonly flows: Flows;
  readonly submissions: Submissions;
}

/** Puts publications among what waits. Throws `QueueNotFound`, `MessageTooLargeError`, `EncodeError` before it takes any. */
export type Intake = (publications: readonly Publication[]) => readonly Receipt[];

/** Opens the way into `waiting`. */
export function createIntake(waiting: WaitingMessage[], options: IntakeOptions): Intake {
  const { now, newId, traits, flows, submissions } = options;
  const workerOf = workersOf(options.url, options.targets);
  return (publications) => publications.map((each) => written(each, workerOf(each), traits.maxMessageSize)).map(accept);

  function accept({ publication, body, worker }: Written): Receipt {
    const { message, queue, notBefore, deduplicationId, flowControl } = publication;
    if ((notBefore ?? 0) > now() + traits.maxDelay * 1000) return tooLate(publication, traits.maxDelay);
    const first = submissions.find(deduplicationId);
    if (first !== undefined) return { accepted: true, messageId: first, deduplicated: true };
    const messageId = newId();
    submissions.remember(deduplicationId, messageId);
    const createdAt = now();
    const dueAt = Math.max(notBefore ?? 0, createdAt);
    const urls = { url: `${worker}/q/${encodeURIComponent(queue)}`, failureUrl: `${worker}/failed` };
    if (flowControl) flows.learn(flowControl);
    const { id: taskId } = message.headers;
    const times = { createdAt, dueAt, retried: 0 };
    waiting.push({ messageId, taskId, queue, ...urls, body, ...times, flowKey: flowControl?.key });
    return { accepted: true, messageId, deduplicated: false };
  }
}

function tooLate({ message }: Publication, maxDelay: number): Receipt {
  const reason = `memory: ${message.headers.id} is due later than in ${maxDelay} s, the longest delay`;
  return { accepted: false, reason, transient: false };
}

/** Base URL of a publication's worker; throws `QueueNotFound` for a target that only the message names. */
function workersOf(url: string, targets: readonly string[]): (publication: Publication) => string {
  const allowed = new Set([url, ...targets]);
  return ({ queue, target = url }) => {
    if (/\p{Cs}/u.test(queue)) throw new QueueNotFound(`memory: ${JSON.stringify(queue)} is not text, so no queue`);
    if (allowed.has(target)) return target;
    throw new QueueNotFound(`memory: the message for queue "${queue}" carries a target that is not allowed: ${target}`);
  };
}

interface Written {
  readonly publication: Publication;
  readonly body: string;
  /** Base URL. */
  readonly worker: string;
}

function written(publication: Publication, worker: string, limit: number): Written {
  const body = encodePush(publication.message);
  const size = new TextEncoder().encode(body).length;
  if (size <= limit) return { publication, body, worker };
  const { task, id } = publication.message.headers;
  throw new MessageTooLargeError(`memory: ${task}[${id}] has ${size} bytes, the limit is ${limit}`);
}
