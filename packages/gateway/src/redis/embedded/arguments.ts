/**
 * Reads the arguments of commands, with the refusals that Redis has for those that do not fit.
 *
 * @module
 */

import { CommandError } from "../engine.ts";

const int64Max: bigint = 2n ** 63n - 1n;
const int64Min: bigint = -(2n ** 63n);

/** A signed 64-bit integer as Redis reads it: no sign `+`, no leading zero, no blank. */
export function bigintOf(argument: Buffer, complaint = "ERR value is not an integer or out of range"): bigint {
  const text = argument.toString("latin1");
  const value = /^(0|-?[1-9]\d{0,18})$/.test(text) ? BigInt(text) : undefined;
  if (value === undefined || !isInt64(value)) throw new CommandError(complaint);
  return value;
}

/** As {@link bigintOf}, for positions and counts: what is beyond 2^53 is beyond everything. */
export function integerOf(argument: Buffer, complaint?: string): number {
  const limit = Number.MAX_SAFE_INTEGER;
  return Math.max(-limit, Math.min(limit, Number(bigintOf(argument, complaint))));
}

/** An integer that is not negative. */
export function countOf(argument: Buffer): number {
  const complaint = "ERR value is out of range, must be positive";
  const value = integerOf(argument, complaint);
  if (value < 0) throw new CommandError(complaint);
  return value;
}

/** `value + by`, which has to stay within 64 bits. */
export function added(value: bigint, by: bigint): bigint {
  const sum = value + by;
  if (!isInt64(sum)) throw new CommandError("ERR increment or decrement would overflow");
  return sum;
}

/** A floating point number as C reads it, infinities included. */
export function floatOf(argument: Buffer, complaint = "ERR value is not a valid float"): number {
  const text = argument.toString("latin1").toLowerCase();
  const match = /^([+-]?)(inf(?:inity)?|\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)$/.exec(text);
  if (!match) throw new CommandError(complaint);

  const size = match[2]?.startsWith("inf") ? Infinity : Number(match[2]);
  return match[1] === "-" ? -size : size;
}

/** A number as Redis writes it: the shortest text that reads as the same number. */
export function formatFloat(value: number): Buffer {
  if (Number.isFinite(value)) return Buffer.from(Object.is(value, -0) ? "-0" : String(value));
  return Buffer.from(value > 0 ? "inf" : "-inf");
}

/** What Redis says of options that it does not know, or that contradict each other. */
export function syntaxError(): CommandError {
  return new CommandError("ERR syntax error");
}

/** An option's name, or any other word, as it is compared. */
export function wordOf(argument: Buffer): string {
  return argument.toString("latin1").toUpperCase();
}

/** Which options a command has: flags stand alone, the others are followed by a value. */
export interface OptionNames {
  readonly flags?: readonly string[];
  readonly values?: readonly string[];
}

/** Reads options in any order; throws a syntax error at a word that is none, and where a value is missing. A flag's value is empty. */
export function optionsOf(args: readonly Buffer[], { flags = [], values = [] }: OptionNames): Map<string, Buffer> {
  const options = new Map<string, Buffer>();
  for (let at = 0; at < args.length; at += 1) {
    const word = wordOf(args[at] ?? Buffer.alloc(0));
    const value = args[at + 1];
    if (flags.includes(word)) {
      options.set(word, Buffer.alloc(0));
    } else if (values.includes(word) && value) {
      options.set(word, value);
      at += 1;
    } else {
      throw syntaxError();
    }
  }
  return options;
}

/** Arguments two by two; undefined when one is left over. */
export function pairsOf(args: readonly Buffer[]): readonly (readonly [Buffer, Buffer])[] | undefined {
  if (args.length % 2 !== 0) return undefined;
  return args.flatMap((first, at) => {
    const second = args[at + 1];
    return at % 2 === 0 && second ? [[first, second] as const] : [];
  });
}

function isInt64(value: bigint): boolean {
  return int64Min <= value && value <= int64Max;
}
