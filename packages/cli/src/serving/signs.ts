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

/** Something that is told; one of these at a time. */
export interface Sign {
  /** It listens. */
  readonly serving?: ServingSign;
  /** It takes what is pushed. */
  readonly ready?: true;
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

/** How a line of a sign begins. What is printed has no such character: `harmless` writes it out. */
export const signMark = "\u0001umbel ";

/** Name of the variable that has the starter's process id. */
export const starterVariable = "UMBEL_STARTER";

/** Who has started this process and takes signs; undefined where nobody has who does. */
export function starterOfThis(): string | undefined {
  return process.env[starterVariable];
}

/** Gives a sign to the starter. */
export function giveSign(sign: Sign): void {
  writeSync(process.stderr.fd, `${signMark}${JSON.stringify(sign)}\n`);
}

/** A line that was heard. */
export interface Heard {
  /** What of it is for people; undefined where it is a sign, and nothing else. */
  readonly text?: string;
  readonly sign?: Sign;
}

/** Reads a line that a worker has written: the sign may stand behind something that was not ended by a newline. */
export function readLine(line: string): Heard {
  const at = line.indexOf(signMark);
  if (at === -1) return { text: line };
  const sign: Sign = JSON.parse(line.slice(at + signMark.length));
  return { ...(at > 0 && { text: line.slice(0, at) }), sign };
}
