/**
 * How a member's end reaches the chord that it is a member of.
 *
 * @module
 */

import { type ChordPart, InvalidMessageError, type JoinEffect, type Signature } from "@umbel/protocol";
import type { Cause } from "./cause.ts";

/** A call that a chord may be waiting for. */
export interface Member {
  readonly id: string;
  readonly root: string;
  readonly group: string | null | undefined;
  readonly index: number | null | undefined;
  /** Body of the chord. */
  readonly chord: Signature | null | undefined;
  /** Place among those that were added to it. */
  readonly added: readonly number[] | null | undefined;
  /** Ids of members that this one has added. */
  readonly adds: readonly string[] | null | undefined;
  /** The trace that its message belongs to. */
  readonly traceparent?: string;
}

/** How a member ended. */
export type MemberState = Pick<ChordPart, "state" | "result">;

/** How a chord counts a member that never ran. */
export function partOf({ state, failure, counts }: Cause): MemberState {
  return counts === "ignored" ? { state: "IGNORED", result: null } : { state, result: failure };
}

/**
 * Counts a member, if a chord waits for it.
 * Throws `InvalidMessageError` for a chord that does not say how many members it waits for, or in which group.
 */
export function join(member: Member, { state, result }: MemberState): readonly JoinEffect[] {
  const { id, root, group, index, chord: body, added, adds, traceparent } = member;
  if (body === null || body === undefined) return [];
  const size = body.options.chord_size;
  if (typeof size !== "number") throw new InvalidMessageError(`The chord of ${id} has no chord_size in its options`);
  if (typeof group !== "string") throw new InvalidMessageError(`${id} is a member of a chord, but of no group`);
  const place = { index: index ?? null, ...(added ? { added } : {}) };
  const part = { id, ...place, state, result, ...(traceparent === undefined ? {} : { traceparent }) };
  return [{ kind: "join", part, group, size, body, root, ...(isSome(adds) ? { adds } : {}) }];
}

function isSome<Item>(list: readonly Item[] | null | undefined): list is readonly Item[] {
  return list !== null && list !== undefined && list.length > 0;
}
