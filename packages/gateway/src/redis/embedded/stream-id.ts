/**
 * Ids of a stream's entries: milliseconds, and a number among those of the same millisecond.
 *
 * @module
 */

import { CommandError } from "../engine.ts";

/** One id. */
export interface StreamId {
  readonly milliseconds: number;
  readonly sequence: number;
}

/** Smaller than every id that an entry can have, and greater. */
export const lowest: StreamId = { milliseconds: 0, sequence: 0 };
export const highest: StreamId = { milliseconds: Number.MAX_SAFE_INTEGER, sequence: Number.MAX_SAFE_INTEGER };

/** As clients read it. */
export function formatId({ milliseconds, sequence }: StreamId): Buffer {
  return Buffer.from(`${milliseconds}-${sequence}`);
}

/** Reads an id; one without its second part gets `sequence`. Throws `CommandError`. */
export function idOf(argument: Buffer, sequence: number): StreamId {
  const match = /^(\d{1,16})(?:-(\d{1,16}))?$/.exec(argument.toString("latin1"));
  const id = { milliseconds: Number(match?.[1]), sequence: match?.[2] === undefined ? sequence : Number(match[2]) };
  if (!match || !Number.isSafeInteger(id.milliseconds) || !Number.isSafeInteger(id.sequence)) throw invalidId();
  return id;
}

/** Reads one end of a range: `-`, `+`, an id, or `(` and an id that itself is left out. */
export function endOf(argument: Buffer, end: "start" | "stop"): StreamId {
  const text = argument.toString("latin1");
  if (text === "-") return lowest;
  if (text === "+") return highest;

  const whole = end === "start" ? lowest.sequence : highest.sequence;
  if (!text.startsWith("(")) return idOf(argument, whole);
  const id = idOf(argument.subarray(1), whole);
  return end === "start" ? after(id) : before(id);
}

/** The next id. */
export function after({ milliseconds, sequence }: StreamId): StreamId {
  if (sequence < highest.sequence) return { milliseconds, sequence: sequence + 1 };
  return { milliseconds: milliseconds + 1, sequence: 0 };
}

/** Whether the first id is greater. */
export function isGreater(first: StreamId, second: StreamId): boolean {
  if (first.milliseconds !== second.milliseconds) return first.milliseconds > second.milliseconds;
  return first.sequence > second.sequence;
}

/** The one before; throws `CommandError` when there is none. */
export function before({ milliseconds, sequence }: StreamId): StreamId {
  if (sequence > 0) return { milliseconds, sequence: sequence - 1 };
  if (milliseconds === 0) throw new CommandError("ERR invalid end ID for the interval");
  return { milliseconds: milliseconds - 1, sequence: highest.sequence };
}

function invalidId(): CommandError {
  return new CommandError("ERR Invalid stream ID specified as stream command argument");
}
