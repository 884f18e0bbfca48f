/**
 * What the gateway keeps and delivers.
 *
 * @module
 */

/** Limits that messages with the same key share (qstash.md section 7). */
export interface FlowControl {
  readonly key: string;
  /** Most deliveries open at once. */
  readonly parallelism?: number;
  /** Most deliveries begun in each period. */
  readonly rate?: number;
  /** Seconds. */
  readonly period?: number;
}

/** How a message is to be delivered: what its publisher asked for, defaults filled in. */
export interface Draft {
  /** Exactly as the publisher wrote it: the signature's subject. */
  readonly url: string;
  readonly method: string;
  /** What the destination gets of the publisher's headers, by canonical name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Deliveries after the first, at most. */
  readonly retries: number;
  /** Expression for the milliseconds before a retry. */
  readonly retryDelay?: string;
  /** Seconds within which the destination has to answer. */
  readonly timeout: number;
  /** Seconds before the first delivery. */
  readonly delay: number;
  /** Milliseconds since 1970; beats `delay`. */
  readonly notBefore?: number;
  /** Told after each delivery. */
  readonly callback?: Draft;
  /** Told once, when the message has failed for good. */
  readonly failureCallback?: Draft;
  readonly queue?: string;
  /** The schedule whose message it is. */
  readonly scheduleId?: string;
  /** Not obeyed in a queue, which has a parallelism of its own. */
  readonly flow?: FlowControl;
  readonly labels: readonly string[];
  /** What is never shown again: `body`, `header`, `header[Name]`. */
  readonly redact: readonly string[];
}

/** A message as it is handed in. */
export interface Submission {
  readonly draft: Draft;
  readonly body: Uint8Array;
  /** Submissions with the same key within ten minutes are one. */
  readonly deduplicationKey?: string;
  readonly callerIp?: string;
  /** Set on a callback: its queue does not go on before it has ended. */
  readonly source?: Pick<Message, "id" | "lane">;
}

/** A message as it is kept. */
export interface Message {
  readonly id: string;
  readonly draft: Draft;
  readonly body: Uint8Array;
  /** What it shares its limits with, see lane.ts. */
  readonly lane: string;
  /** Retries done so far. */
  readonly retried: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When it was to be delivered first: milliseconds since 1970. */
  readonly notBefore: number;
  readonly callerIp?: string;
  /** Of a callback: the lane that does not go on before it has ended. */
  readonly holds?: string;
}

/** What a destination said to one delivery. */
export interface Answer {
  /** 0 when there was none. */
  readonly status: number;
  /** By canonical name. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Cut when it is very long; the reason, as text, when there was no answer. */
  readonly body: Uint8Array;
}

/** A message that failed for good, and the last answer to it. */
export interface DeadLetter {
  readonly id: string;
  readonly message: Message;
  readonly answer: Answer;
}
