/**
 * Ranges of members by their bytes, in a sorted set whose scores are all the same: `-` and `+` are its ends, `[a` begins or
 * ends with `a`, `(a` behind it or before it.
 *
 * @module
 */

import { CommandError } from "../engine.ts";

/** One end of a range of members. */
export interface LexBound {
  readonly member: Buffer;
  readonly inclusive: boolean;
}

/** A range of members; without `max` it has no end. */
export interface LexRange {
  readonly min: LexBound;
  readonly max: LexBound | undefined;
}

const first: LexBound = { member: Buffer.alloc(0), inclusive: true };

/** Reads both ends; undefined for a range in which nothing can be. Throws `CommandError` for what is no end. */
export function lexRangeOf(min: Buffer, max: Buffer): LexRange | undefined {
  const [start, end] = [endOf(min), endOf(max)];
  if (start === "+" || end === "-") return undefined;
  return { min: start === "-" ? first : start, max: end === "+" ? undefined : end };
}

function endOf(argument: Buffer): LexBound | "-" | "+" {
  const sign = argument.subarray(0, 1).toString("latin1");
  const member = argument.subarray(1);
  if ((sign === "-" || sign === "+") && member.length === 0) return sign;
  if (sign === "[" || sign === "(") return { member, inclusive: sign === "[" };
  throw new CommandError("ERR min or max not valid string range item");
}
