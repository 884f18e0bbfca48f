/**
 * What must happen after an attempt, as data.
 *
 * A task's outcome and its effects are stored in one atomic write; whoever holds the message then performs the stored
 * effects, as often as it takes. Each can be performed any number of times, by anyone, with the same end: ids are known
 * in advance, the first stored state of a node stays, a chord counts members, not messages (delivery.md 2, 8, 13).
 *
 * @module
 */

import type { Publication } from "./broker.ts";
import type { ResultMeta } from "./result.ts";
import type { Signature } from "./signature.ts";
import type { TerminalState } from "./state.ts";

/** Publish a message: a callback, an errback, the next step of a chain, a retry, a body. */
export interface SendEffect {
  readonly kind: "send";
  readonly publication: Publication;
}

/** Store an end for a node that will never run: what follows a failed step (delivery.md 14). */
export interface SettleEffect {
  readonly kind: "settle";
  readonly id: string;
  readonly state: TerminalState;
  /** What readers see; absent when nothing is stored for them (ignored results). */
  readonly result?: ResultMeta;
}

/** Count a chord's member; whoever completes the chord sends its body. */
export interface JoinEffect {
  readonly kind: "join";
  readonly part: ChordPart;
  /** Group id of the chord's header. */
  readonly group: string;
  /** Number of distinct members that must end. */
  readonly size: number;
  readonly body: Signature;
  /** Root of the canvas. */
  readonly root: string;
}

/** How one member of a chord ended. */
export interface ChordPart {
  /** Task id of the member; a member is counted once, whatever comes later under its id. */
  readonly id: string;
  /** Place in the header; members without one come last. */
  readonly index: number | null;
  readonly state: TerminalState;
  /** The value; a {@link FailureData} when the state is FAILURE or REVOKED; null when IGNORED. */
  readonly result: unknown;
}

/** What must follow an attempt. */
export type Effect = SendEffect | SettleEffect | JoinEffect;
