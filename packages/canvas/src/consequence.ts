/**
 * What must follow when a task or a chord has ended, as data.
 *
 * The application turns each into an effect of protocol's: a call into a publication, the others are effects as they
 * are. Made again from the same input they are the same, ids included, so performing them twice changes nothing.
 *
 * @module
 */

import type { JoinEffect, SettleEffect } from "@umbel/protocol";
import type { Call } from "./call.ts";
import type { ChildId } from "./place.ts";

/** A call to make. */
export interface CallConsequence {
  readonly kind: "call";
  readonly call: Call;
}

/** Something that must follow. */
export type Consequence = CallConsequence | SettleEffect | JoinEffect;

/** What consequences are made with. */
export interface Following {
  readonly childId: ChildId;
  /** When the nodes that will never run are said to have ended: milliseconds since 1970. */
  readonly now: number;
  /** Whether failures of a task are stored although its results are ignored; none are when absent. */
  readonly keepsErrors?: (task: string) => boolean;
  /** A chord that waits for what has failed fails at once, instead of being told: where telling it is too much to store. */
  readonly endsChords?: boolean;
}

/** Calls as consequences. */
export function consequencesOf(calls: readonly Call[]): readonly Consequence[] {
  return calls.map((call) => ({ kind: "call", call }));
}
