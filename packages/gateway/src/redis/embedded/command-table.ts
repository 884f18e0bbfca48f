/**
 * How a command is declared: a name, how many arguments it takes, and what it does with them.
 *
 * A handler checks everything before it writes anything, so a command that fails has changed nothing.
 *
 * @module
 */

import { type Argument, bytesOf, type Command, CommandError, type Reply } from "../engine.ts";

/** What Redis answers to a command that has nothing else to tell. */
export const ok: Buffer = Buffer.from("OK");

/** One command's implementation. */
export interface Implementation {
  /** Whether it takes so many arguments. */
  accepts(count: number): boolean;
  /** Does it, with as many arguments as it takes. */
  run(args: readonly Argument[]): Reply;
}

/** Implementations by name in lower case. */
export type CommandTable = Readonly<Record<string, Implementation>>;

/** Arguments that have been counted. */
interface Exactly {
  readonly 0: readonly [];
  readonly 1: readonly [Buffer];
  readonly 2: readonly [Buffer, Buffer];
  readonly 3: readonly [Buffer, Buffer, Buffer];
}

/** Arguments, so many of which have been counted. */
interface AtLeast {
  readonly 0: readonly Buffer[];
  readonly 1: readonly [Buffer, ...Buffer[]];
  readonly 2: readonly [Buffer, Buffer, ...Buffer[]];
  readonly 3: readonly [Buffer, Buffer, Buffer, ...Buffer[]];
  readonly 4: readonly [Buffer, Buffer, Buffer, Buffer, ...Buffer[]];
}

/** A command with exactly `count` arguments. */
export function exactly<N extends keyof Exactly>(count: N, run: (args: Exactly[N]) => Reply): Implementation {
  const fits = (args: readonly Buffer[]): args is Exactly[N] => args.length === count;
  return { accepts: (given) => given === count, run: (args) => run(counted(args, fits)) };
}

/** A command with `count` arguments or more. */
export function atLeast<N extends keyof AtLeast>(count: N, run: (args: AtLeast[N]) => Reply): Implementation {
  const fits = (args: readonly Buffer[]): args is AtLeast[N] => args.length >= count;
  return { accepts: (given) => given >= count, run: (args) => run(counted(args, fits)) };
}

function counted<T extends readonly Buffer[]>(
  args: readonly Argument[],
  fits: (args: readonly Buffer[]) => args is T,
): T {
  const bytes = args.map(bytesOf);
  if (fits(bytes)) return bytes;
  throw new RangeError("A command was run with arguments that it does not accept");
}

/** Runs a command; throws `CommandError` when it is unknown, has too few or too many arguments, or fails. */
export function execute(table: CommandTable, command: Command): Reply {
  return find(table, command).run(command.args);
}

/** The implementation of a command; throws `CommandError` as {@link execute} does, before anything is done. */
export function find(table: CommandTable, { name, args }: Command): Implementation {
  const key = name.toLowerCase();
  const implementation = Object.hasOwn(table, key) ? table[key] : undefined;
  if (!implementation) throw new CommandError(unknown(table, name));
  if (!implementation.accepts(args.length)) throw wrongNumberOfArguments(key);
  return implementation;
}

/** What Redis says of a command that has too few arguments, or too many. */
export function wrongNumberOfArguments(name: string): CommandError {
  return new CommandError(`ERR wrong number of arguments for '${name}' command`);
}

function unknown(table: CommandTable, name: string): string {
  const known = Object.keys(table).join(" ");
  return `ERR unknown command '${name}': the embedded engine has ${known}; set REDIS_URL to use a real Redis`;
}
