/**
 * Carries messages to a worker's endpoint and judges its answers, by QStash's rules (qstash.md 6).
 *
 * It has no timers: it delivers when it is told to.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { Flows } from "./flows.ts";
import type { Signer } from "./signature.ts";

/** A request to a worker's endpoint: `fetch(new Request(push.url, push))` sends it. */
export interface MemoryPush {
  readonly messageId: string;
  /** The task that it is about. */
  readonly taskId: string;
  /** Where the message was published to; `undefined` for a failure callback. */
  readonly queue: string | undefined;
  readonly url: string;
  readonly method: "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the endpoint answered; a `Response` will do. The text is read when the message is given up. */
export type PushAnswer = Pick<Response, "status" | "headers"> & Partial<Pick<Response, "text">>;

/** A message on its way. */
export interface WaitingMessage {
  readonly messageId: string;
  readonly taskId: string;
  /** `undefined` for a failure callback. */
  readonly queue: string | undefined;
  readonly url: string;
  /** Told when the message is given up. */
  readonly failureUrl: string;
  readonly body: string;
  /** When it was published; milliseconds since 1970, as every instant here. */
  readonly createdAt: number;
  readonly dueAt: number;
  /** Failed deliveries so far. */
  readonly retried: number;
  /** What it shares its limits with. */
  readonly flowKey?: string | undefined;
}

/** A message that was given up. */
export interface DeadLetter extends WaitingMessage {
  /** Status of the last answer, 0 when there was none. */
  readonly status: number;
  /** What the last answer said, or what `deliver` threw, in words. */
  readonly reason: string;
  readonly diedAt: number;
  /** What `deliver` threw, when there was no answer. */
  readonly error?: unknown;
}

/** Takes a push as a worker's endpoint does. A throw is a lost connection. */
export type Deliver = (push: MemoryPush) => PushAnswer | Promise<PushAnswer>;

/** Picks one of the messages that are due, the one that is due longest first among them. */
export type Choose = (due: readonly [WaitingMessage, ...WaitingMessage[]]) => WaitingMessage;

/** What a courier needs. */
export interface CourierOptions {
  readonly now: () => number;
  readonly signer: Signer;
  readonly deliver: Deliver | undefined;
  readonly retries: number;
  /** Seconds. */
  readonly retryDelay: (retried: number) => number;
  readonly flows: Flows;
}

/** Messages on their way, and those that did not arrive. */
export interface Courier {
  /** In the order in which they came. */
  readonly waiting: WaitingMessage[];
  /** Those that are being delivered. What is taken out of it meanwhile is delivered, and then forgotten. */
  readonly open: Set<WaitingMessage>;
  readonly deadLetters: DeadLetter[];
  /** When the next delivery may begin: milliseconds since 1970, `undefined` when one has to end first, or nothing waits. */
  next(): number | undefined;
  /**
   * Delivers the message that is due longest, or the one that is chosen; false when none is due. Throws `RangeError`, and
   * delivers nothing, when what is chosen is none of them.
   */
  deliverNext(choose?: Choose): Promise<boolean>;
}

/** Creates a courier with nothing to carry. */
export function createCourier(options: CourierOptions): Courier {
  const { now, deliver, flows } = options;
  const waiting: WaitingMessage[] = [];
  const open = new Set<WaitingMessage>();
  const deadLetters: DeadLetter[] = [];
  const isDue = (message: WaitingMessage): boolean => (flows.instantOf(message) ?? Infinity) <= now();

  return {
    waiting,
    open,
    deadLetters,

    next() {
      const instants = waiting.flatMap((message) => flows.instantOf(message) ?? []);
      return instants.length === 0 ? undefined : instants.reduce((first, each) => Math.min(first, each));
    },

    async deliverNext(choose = ([first]) => first) {
      const due = waiting.filter(isDue).toSorted((a, b) => a.dueAt - b.dueAt);
      const [longest, ...others] = due;
      if (longest === undefined) return false;
      const message = choose([longest, ...others]);
      if (!due.includes(message)) throw new RangeError("memory: `choose` has picked none of the messages that are due");
      if (!deliver) throw new ImproperlyConfigured("memory: the broker was created without `deliver`");
      waiting.splice(waiting.indexOf(message), 1);
      open.add(message);

      const outcome = await carry(message, deliver, options);
      if (!open.delete(message)) return true;
      const { again, dead } = followUp(message, outcome, options);
      if (dead) deadLetters.push(dead);
      if (again) waiting.push(again);
      return true;
    },
  };
}

async function carry(message: WaitingMessage, deliver: Deliver, options: CourierOptions): Promise<Outcome> {
  const { messageId, taskId, queue, url, body, flowKey } = message;
  const { signer, flows, retries } = options;
  flows.begin(flowKey);
  try {
    const headers = { ...systemHeaders(message), ...(await signer.sign(url, body)) };
    const push = { messageId, taskId, queue, url, method: "POST", headers, body } as const;
    return await outcomeOf(deliver, push, message.retried >= retries);
  } finally {
    flows.end(flowKey);
  }
}

/** What QStash says of a message. */
function systemHeaders({ messageId, retried }: WaitingMessage): Readonly<Record<string, string>> {
  return {
    "content-type": "application/json",
    "upstash-message-id": messageId,
    "upstash-retried": String(retried),
  };
}

interface FollowUp {
  /** What is to be delivered: the message once more, or the failure callback. */
  readonly again?: WaitingMessage;
  readonly dead?: DeadLetter;
}

/** What becomes of a message after a delivery. */
function followUp(
  message: WaitingMessage,
  outcome: Outcome,
  { now, retryDelay }: Pick<CourierOptions, "now" | "retryDelay">,
): FollowUp {
  const { status, reason, error, retryAfter } = outcome;
  if (isDelivered(outcome)) return {};
  if (reason === undefined) {
    const wait = retryAfter ?? retryDelay(message.retried);
    return { again: { ...message, dueAt: now() + wait * 1000, retried: message.retried + 1 } };
  }
  const dead = { ...message, status, reason, diedAt: now(), error };
  if (message.queue === undefined) return { dead };
  const body = JSON.stringify({ status, body: message.body });
  const callback = { queue: undefined, url: message.failureUrl, body, flowKey: undefined };
  return { dead, again: { ...message, ...callback, dueAt: now(), retried: 0 } };
}

interface Outcome {
  readonly status: number;
  /** Seconds, when the endpoint said so; an HTTP date is not understood. */
  readonly retryAfter?: number | undefined;
  /** Why the message is given up; absent when it is not. */
  readonly reason?: string;
  readonly error?: unknown;
}

async function outcomeOf(deliver: Deliver, push: MemoryPush, isLast: boolean): Promise<Outcome> {
  try {
    const answer = await deliver(push);
    const { status, headers } = answer;
    if (!isDelivered(answer) && (isLast || isFinal(answer))) return { status, reason: await textOf(answer) };
    const seconds = Number.parseFloat(headers.get("retry-after") ?? "");
    return { status, retryAfter: Number.isNaN(seconds) ? undefined : seconds };
  } catch (error) {
    return { status: 0, error, ...(isLast && { reason: error instanceof Error ? error.message : String(error) }) };
  }
}

/** Empty where there is none, or somebody else has read it. */
async function textOf(answer: PushAnswer): Promise<string> {
  try {
    return (await answer.text?.()) ?? "";
  } catch {
    return "";
  }
}

function isDelivered({ status }: Pick<Outcome, "status">): boolean {
  return status >= 200 && status < 300;
}

/** 489 says that no repetition will help. */
function isFinal({ status }: Pick<Outcome, "status">): boolean {
  return status === 489;
}
