/**
 * Until when a key lives, as the options of commands say it: from now or as a date, in seconds or milliseconds.
 *
 * @module
 */

import { CommandError } from "../engine.ts";
import { bigintOf, syntaxError } from "./arguments.ts";

/** How an option says when a key goes. */
interface Unit {
  /** Milliseconds in one of it. */
  readonly scale: bigint;
  /** Counted from now, or from 1970. */
  readonly relative: boolean;
}

const units: Readonly<Record<DeadlineOption, Unit>> = {
  EX: { scale: 1000n, relative: true },
  PX: { scale: 1n, relative: true },
  EXAT: { scale: 1000n, relative: false },
  PXAT: { scale: 1n, relative: false },
};

/** SET's names for the four ways. */
export type DeadlineOption = "EX" | "PX" | "EXAT" | "PXAT";

/** All of them. */
export const deadlineOptions: readonly DeadlineOption[] = ["EX", "PX", "EXAT", "PXAT"];

const int64Max = 2n ** 63n - 1n;

/** Who asks, and when. */
export interface Asking {
  /** The command's name, for the complaint. */
  readonly command: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Milliseconds since 1970. Throws `CommandError` for what is no integer, or no date. It may have passed. */
export function deadlineOf(option: DeadlineOption, argument: Buffer, asking: Asking): number {
  const { scale, relative } = units[option];
  const at = bigintOf(argument) * scale + (relative ? BigInt(asking.now) : 0n);
  if (at > int64Max || at < -int64Max) throw invalidExpireTime(asking.command);

  // A number is exact until the year 287396.
  return Number(at < BigInt(Number.MAX_SAFE_INTEGER) ? at : Number.MAX_SAFE_INTEGER);
}

/** The deadline among a command's options, which has to be positive; undefined when there is none, a syntax error when there are two. */
export function chosenDeadline(options: ReadonlyMap<string, Buffer>, asking: Asking): number | undefined {
  const chosen = deadlineOptions.filter((option) => options.has(option));
  if (chosen.length > 1) throw syntaxError();

  const [option] = chosen;
  const argument = option && options.get(option);
  if (!option || !argument) return undefined;
  if (bigintOf(argument) <= 0n) throw invalidExpireTime(asking.command);
  return deadlineOf(option, argument, asking);
}

function invalidExpireTime(command: string): CommandError {
  return new CommandError(`ERR invalid expire time in '${command}' command`);
}
