/**
 * What whoever has sent a canvas knows of its calls.
 *
 * @module
 */

/** A call as it was sent. */
export interface SentCall {
  readonly task: string;
  /** Nobody keeps its result. */
  readonly ignored: boolean;
}

/** The calls that were sent, by id; those that come later in a canvas are not among them. */
export type SentCalls = ReadonlyMap<string, SentCall>;
