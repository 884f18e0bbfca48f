/**
 * The port to whatever pushes messages to workers.
 *
 * @module
 */

import * as z from "zod/mini";
import type { ShapeOf } from "./decode.ts";
import { TaskMessage } from "./message.ts";

/**
 * Limits that all publications with the same key share; the newest one's are the key's. What goes beyond them waits, and is
 * never refused; one that waits for its retry holds nothing.
 */
export interface FlowControl {
  readonly key: string;
  /** Most deliveries that begin in a period, which begins with the first of them. */
  readonly rate?: number;
  /** Whole seconds; 1 when absent. */
  readonly period?: number;
  /** Most deliveries that are open at once. */
  readonly parallelism?: number;
}

const flowShape = {
  key: z.string().check(z.minLength(1)),
  rate: z.exactOptional(z.int().check(z.positive())),
  period: z.exactOptional(z.int().check(z.positive())),
  parallelism: z.exactOptional(z.int().check(z.positive())),
} satisfies ShapeOf<FlowControl>;

/** A message and how to send it. Plain data: it is stored in an outbox and sent again after a crash. */
export interface Publication {
  readonly message: TaskMessage;
  readonly queue: string;
  /**
   * Base URL of the queue's worker, when the queue is not mapped where this is published. It may come from a message:
   * a broker uses it only if its own settings name it too (delivery.md 23).
   */
  readonly target?: string;
  /** Not delivered before this instant: milliseconds since 1970. */
  readonly notBefore?: number;
  /**
   * Publications with the same one within ten minutes are one (delivery.md 3), unless the first was taken back before it was
   * delivered. (The managed QStash is not known to make that exception: see `Receipt.deduplicated`.)
   */
  readonly deduplicationId: string;
  /** 0 to 9, when the broker has the trait. */
  readonly priority?: number;
  /** When the broker has the trait. */
  readonly flowControl?: FlowControl;
}

const shape = {
  message: TaskMessage,
  queue: z.string().check(z.minLength(1)),
  target: z.exactOptional(z.string()),
  notBefore: z.exactOptional(z.number()),
  deduplicationId: z.string().check(z.minLength(1)),
  priority: z.exactOptional(z.number()),
  flowControl: z.exactOptional(z.looseObject(flowShape)),
} satisfies ShapeOf<Publication>;

/** Accepts a publication that was stored. */
export const Publication: z.ZodMiniType<Publication> = z.looseObject(shape);

/** What the broker said to one publication, in the order of the request. */
export type Receipt =
  | {
      readonly accepted: true;
      readonly messageId: string;
      /** Whether it is one with an earlier publication, whose message this is, and nothing was sent. */
      readonly deduplicated: boolean;
    }
  /** Refused: `transient` tells whether sending the same thing again can help. */
  | { readonly accepted: false; readonly reason: string; readonly transient: boolean };

/**
 * What a broker can do. Asking for a delay or a limit where there is none is a `NotSupportedError` at the caller, never
 * silence; a priority is a wish, which travels with the message wherever it goes.
 */
export interface BrokerTraits {
  readonly delay: boolean;
  readonly deduplication: boolean;
  readonly priority: boolean;
  readonly cancel: boolean;
  /** Whether it keeps to {@link FlowControl}. */
  readonly flowControl: boolean;
  /** Longest delay it holds, in seconds. */
  readonly maxDelay: number;
  /** Largest message, in bytes. */
  readonly maxMessageSize: number;
  /** Most publications in one call. */
  readonly maxBatch: number;
  /** Seconds during which it goes on delivering a message that is not acknowledged. */
  readonly retryHorizon: number;
}

/** A push as it arrived at the worker, before anything of it is believed. */
export interface Push {
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The raw body, exactly as received. */
  readonly body: string;
  /** URLs that the signature may be for: the configured public one, else the request's (delivery.md 24). */
  readonly urls: readonly string[];
  /** Whether it came from the worker's own machine: from any other one, public development keys prove nothing. */
  readonly isLocal: boolean;
}

/** What a push that failed for good carries, once {@link Broker.openFailure} has read it. */
export interface FailedPush {
  /** The body of the message that could not be delivered. */
  readonly body: string;
  /** Status of the last answer, 0 when there was none. */
  readonly status: number;
}

/** A message that a broker holds back, as it was published. */
export interface HeldMessage {
  readonly messageId: string;
  readonly queue: string;
  /** Base URL of the worker that it is for. */
  readonly target: string;
  readonly body: string;
}

/** What callers ask of a broker: it sends messages. See `CallerBackend` for why this is kept apart. */
export interface CallerBroker {
  readonly name: string;
  readonly traits: BrokerTraits;
  /** Address of the worker that it pushes to, where it is one for all queues. For people: an error may name it. */
  readonly worker?: string;
  /**
   * Base URL of the worker of a queue, as this broker's own settings have it; undefined for a queue that they do not map.
   * A canvas that crosses services carries it (delivery.md 23).
   */
  readonly targetOf?: (queue: string) => string | undefined;
  /**
   * Sends publications in one call for each `maxBatch` of them; a receipt each, in order.
   * Idempotent by `deduplicationId`. Throws `BrokerUnavailable` when the broker cannot be reached, `BrokerRejected` when it
   * refuses a whole call (with `isOfCaller` where that says nothing of what was to be sent): nothing may then be assumed of any of them. Throws `QueueNotFound` (for a target that is not
   * allowed, too), `MessageTooLargeError` and `EncodeError` before anything is sent.
   */
  publish(publications: readonly Publication[]): Promise<readonly Receipt[]>;
  /** Cancels what waits under these task ids; returns how many messages were. Only with the trait. */
  cancel?(ids: readonly string[]): Promise<number>;
}

/** Sends messages, and recognises them when they come back as pushes. */
export interface Broker extends CallerBroker {
  /** Returns when the push was signed by this broker for one of its URLs; throws `SignatureError` when it was not. */
  verify(push: Push): Promise<void>;
  /** Whether its keys are public ones, which are good in development only; when absent they never are. Throws as `verify`. */
  usesPublicKeys?(): boolean;
  /** What is not due yet of these tasks' messages, as far as the broker can tell. Only with the trait `cancel`. */
  held?(ids: readonly string[]): Promise<readonly HeldMessage[]>;
  /** Takes messages back, by their own ids: what {@link held} has found. Returns how many. Only with the trait `cancel`. */
  discard?(messageIds: readonly string[]): Promise<number>;
  /** Reads the body of a (verified) failure callback. Throws `InvalidMessageError` when it is none. */
  openFailure(body: string): FailedPush;
}

/** Which messages are asked for. What is absent excludes none. */
export interface MessageQuery {
  readonly queues?: readonly string[];
  /** Ids of tasks. */
  readonly ids?: readonly string[];
  /** Where the page before has ended. */
  readonly cursor?: string;
  /** Most messages in one answer; a page may have fewer and still not be the last. */
  readonly limit: number;
}

/** A message that a broker has accepted and not delivered for good. Instants are milliseconds since 1970. */
export interface AcceptedMessage extends HeldMessage {
  readonly createdAt: number;
  /** When it is due; absent when that was at once. A retry's own time, where one waits. */
  readonly notBefore?: number;
  /** Whether a delivery of it is open, as far as the broker can tell. */
  readonly isOpen: boolean;
  /** Deliveries that have failed. */
  readonly retried: number;
}

/** A message that a broker has given up. */
export interface DeadMessage extends HeldMessage {
  /** Its name among the dead letters. */
  readonly letterId: string;
  readonly createdAt: number;
  readonly diedAt: number;
  /** Status of the last answer, 0 when there was none, and what it said. */
  readonly status: number;
  readonly reason: string;
}

/** A part of a broker's messages; without a cursor it is the last. */
export interface MessagePage<Message extends HeldMessage> {
  readonly messages: readonly Message[];
  readonly cursor?: string;
}

/**
 * What operators ask of a broker. Messages that are not ours, published by others on the same account, are left out. Each call throws as `publish` does.
 */
export interface BrokerDesk {
  readonly name: string;
  /** What waits or is being delivered. */
  accepted(query: MessageQuery): Promise<MessagePage<AcceptedMessage>>;
  /** What it has given up. */
  dead(query: MessageQuery): Promise<MessagePage<DeadMessage>>;
  /** Takes accepted messages back; returns how many. Deliveries that are open go on. */
  discard(messageIds: readonly string[]): Promise<number>;
  /** Sends dead letters once more, as they were; returns how many. They leave the dead letters. */
  resend(letterIds: readonly string[]): Promise<number>;
  /** Deletes dead letters; returns how many. */
  bury(letterIds: readonly string[]): Promise<number>;
  /** Makes these the limits of a key, whatever publications say; undefined: theirs count again. */
  pin(key: string, limits: Omit<FlowControl, "key"> | undefined): Promise<void>;
}
