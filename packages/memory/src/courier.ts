/**
 * Carries messages to a worker's endpoint and judges its answers, by QStash's rules (qstash.md 6).
 *
 * It has no timers: it delivers when it is told to.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
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

/** What the endpoint answered; a `Response` will do. */
export type PushAnswer = Pick<Response, "status" | "headers">;

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
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  /** Failed deliveries so far. */
  readonly retried: number;
}

/** A message that was given up. */
export interface DeadLetter extends WaitingMessage {
  /** Status of the last answer, 0 when there was none. */
  readonly status: number;
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
}

/** Messages on their way, and those that did not arrive. */
export interface Courier {
  /** In the order in which they came. */
  readonly waiting: WaitingMessage[];
  readonly deadLetters: DeadLetter[];
  /**
   * Delivers the message that is due longest, or the one that is chosen; false when none is due. Throws `RangeError`, and
   * delivers nothing, when what is chosen is none of them.
   */
  deliverNext(choose?: Choose): Promise<boolean>;
}

/** Creates a courier with nothing to carry. */
export function createCourier({ now, signer, deliver, retries, retryDelay }: CourierOptions): Courier {
  const waiting: WaitingMessage[] = [];
  const deadLetters: DeadLetter[] = [];

  function giveUp(message: WaitingMessage, { status, error }: Outcome): void {
    deadLetters.push({ ...message, status, error });
    if (message.queue === undefined) return;
    const body = JSON.stringify({ status, body: message.body });
    waiting.push({ ...message, queue: undefined, url: message.failureUrl, body, dueAt: now(), retried: 0 });
  }

  return {
    waiting,
    deadLetters,

    async deliverNext(choose = ([first]) => first) {
      const due = waiting.filter(({ dueAt }) => dueAt <= now()).toSorted((a, b) => a.dueAt - b.dueAt);
      const [longest, ...others] = due;
      if (longest === undefined) return false;
      const message = choose([longest, ...others]);
      if (!due.includes(message)) throw new RangeError("memory: `choose` has picked none of the messages that are due");
      if (!deliver) throw new ImproperlyConfigured("memory: the broker was created without `deliver`");
      waiting.splice(waiting.indexOf(message), 1);

      const { messageId, taskId, queue, url, body } = message;
      const headers = { "content-type": "application/json", ...(await signer.sign(url, body)) };
      const outcome = await outcomeOf(deliver, { messageId, taskId, queue, url, method: "POST", headers, body });
      if (isDelivered(outcome)) return true;
      if (isFinal(outcome) || message.retried >= retries) giveUp(message, outcome);
      else {
        const wait = outcome.retryAfter ?? retryDelay(message.retried);
        waiting.push({ ...message, dueAt: now() + wait * 1000, retried: message.retried + 1 });
      }
      return true;
    },
  };
}

/** The message that is due first; of equals the one that came first. */
export function nextOf(waiting: readonly WaitingMessage[]): WaitingMessage | undefined {
  const [one, ...others] = waiting;
  return others.reduce((first, message) => (first && message.dueAt >= first.dueAt ? first : message), one);
}

interface Outcome {
  readonly status: number;
  /** Seconds, when the endpoint said so; an HTTP date is not understood. */
  readonly retryAfter: number | undefined;
  readonly error?: unknown;
}

async function outcomeOf(deliver: Deliver, push: MemoryPush): Promise<Outcome> {
  try {
    const { status, headers } = await deliver(push);
    const seconds = Number.parseFloat(headers.get("retry-after") ?? "");
    return { status, retryAfter: Number.isNaN(seconds) ? undefined : seconds };
  } catch (error) {
    return { status: 0, retryAfter: undefined, error };
  }
}

function isDelivered({ status }: Outcome): boolean {
  return status >= 200 && status < 300;
}

/** 489 says that no repetition will help. */
function isFinal({ status }: Outcome): boolean {
  return status === 489;
}
