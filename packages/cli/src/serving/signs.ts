/**
 * What a worker tells whoever has started it, beside its log: lines that begin as nobody else's do, with JSON after that.
 *
 * Lines, rather than messages of a channel: they keep their order with those of the log, a thread can write them while the event
 * loop is blocked, and all runtimes have them.
 *
 * @module
 */

import process from "node:process";
import { writeSync } from "node:fs";
import type { Starter } from "./starter.ts";

/** Something that is told; one of these at a time. */
export interface Sign {
  /** It listens. */
  readonly serving?: ServingSign;
  /** It takes what is pushed. */
  readonly ready?: true;
  /** It has been told to stop, and listens no more. */
  readonly left?: true;
  /** Nothing else runs in it now: names of tasks, of which one keeps the event loop to itself. */
  readonly blocked?: readonly string[];
  /** That is over. */
  readonly free?: true;
}

/** What is served. */
export interface ServingSign {
  readonly hostname: string;
  readonly url: string;
  /** Names. */
  readonly tasks: readonly string[];
  /** The lines of its banner. */
  readonly banner: readonly string[];
}

/** Gives a sign to the starter, if there is one: all of it before anything else is written, so it waits while the pipe is full. */
export function giveSign(starter: Starter | undefined, sign: Sign): void {
  if (starter === undefined) return;
  let rest: Uint8Array = new TextEncoder().encode(`${starter.mark}${JSON.stringify(sign)}\n`);
  while (rest.length > 0) rest = rest.subarray(writeSome(rest));
}

/** How many bytes of it were written. */
function writeSome(bytes: Uint8Array): number {
  try {
    return writeSync(process.stderr.fd, bytes);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, pause);
    return 0;
  }
}

/** Milliseconds until somebody may have read what the pipe is full of. */
const pause = 2;

/** A line that was heard. */
export interface Heard {
  /** What of it is for people; undefined where it is a sign, and nothing else. */
  readonly text?: string;
  readonly sign?: Sign;
}

/** Reads a line that a worker has written: the sign may stand behind something that was not ended by a newline. */
export function readLine(line: string, mark: string): Heard {
  const at = line.indexOf(mark);
  const sign = at === -1 ? undefined : signOf(line.slice(at + mark.length));
  if (sign === undefined) return { text: line };
  return { ...(at > 0 && { text: line.slice(0, at) }), sign };
}

/** Undefined for what is none: another thread may have written in the middle of it. */
function signOf(text: string): Sign | undefined {
  try {
    const sign: unknown = JSON.parse(text);
    return typeof sign === "object" && sign !== null ? sign : undefined;
  } catch {
    return undefined;
  }
}
