/**
 * EVAL without Lua: a script that the application has registered runs as its twin in TypeScript (delivery.md 20).
 *
 * A script is known by the SHA-1 of its Lua, so a client that sends EVALSHA or EVAL to a real Redis works unchanged. It
 * is all or nothing: when it throws, nothing it wrote or published stays (Redis would keep what came before the error).
 *
 * @module
 */

import { createHash } from "node:crypto";

import type { RedisCall, RedisReply, StoreScript } from "@umbel/protocol";

import { isStorageError } from "../../store/transaction.ts";
import { type Argument, bytesOf, CommandError, type Reply, textOf } from "../engine.ts";
import { integerOf, wordOf } from "./arguments.ts";
import {
  atLeast,
  type CommandTable,
  execute,
  type Implementation,
  ok,
  wrongNumberOfArguments,
} from "./command-table.ts";

/** What scripts run on. */
export interface ScriptHost {
  readonly scripts: readonly StoreScript[];
  /** The commands that a script may call. */
  readonly commands: CommandTable;
  /** Runs `work`; undoes what it did when it throws. */
  attempt<T>(work: () => T): T;
}

/** The commands on scripts. */
export function scriptCommands(host: ScriptHost): CommandTable {
  const known = new Map(host.scripts.map((script) => [shaOf(script.lua), script]));

  const byText = evaluating((text) => known.get(shaOf(text)), unknownScript);
  const bySha = evaluating((sha) => known.get(textOf(sha).toLowerCase()), noScript);

  /** Takes its arguments as they came: scripts deal in text. */
  function evaluating(
    lookUp: (argument: Argument) => StoreScript | undefined,
    missing: () => CommandError,
  ): Implementation {
    return {
      accepts: (given) => given >= 2,
      run([argument = "", numkeys = "", ...rest]) {
        const count = keyCountOf(numkeys, rest.length);
        const script = lookUp(argument);
        if (!script) throw missing();
        const texts = rest.map(textOf);
        return run(host, script, [texts.slice(0, count), texts.slice(count)]);
      },
    };
  }

  return {
    eval: byText,
    eval_ro: byText,
    evalsha: bySha,
    evalsha_ro: bySha,
    script: atLeast(1, ([subcommand, ...args]) => administer(known, wordOf(subcommand), args)),
  };
}

function administer(known: ReadonlyMap<string, StoreScript>, subcommand: string, args: readonly Buffer[]): Reply {
  switch (subcommand) {
    case "LOAD": {
      const [text] = args;
      if (!text || args.length > 1) throw wrongNumberOfArguments("script|load");
      if (!known.has(shaOf(text))) throw unknownScript();
      return Buffer.from(shaOf(text));
    }
    case "EXISTS":
      return args.map((sha) => (known.has(sha.toString("latin1").toLowerCase()) ? 1 : 0));
    case "FLUSH":
      // Registered scripts stay: they are part of the program.
      return ok;
    default:
      throw new CommandError(`ERR unknown subcommand '${subcommand}'. Try SCRIPT HELP.`);
  }
}

function run(
  host: ScriptHost,
  script: StoreScript,
  [keys, args]: readonly [readonly string[], readonly string[]],
): Reply {
  const call: RedisCall = (name, ...rest) => fromReply(execute(host.commands, { name, args: rest.map(String) }));
  const work = (): RedisReply => script.twin(call, keys, args);

  try {
    return toReply(host.attempt(work));
  } catch (error) {
    if (error instanceof CommandError || isStorageError(error)) throw error;
    throw new CommandError(`ERR script "${script.name}" failed: ${String(error)}`);
  }
}

/** Scripts deal in text: bytes that are none are lost to them. */
function fromReply(reply: Reply): RedisReply {
  if (Buffer.isBuffer(reply)) return reply.toString();
  if (typeof reply === "bigint") return Number(reply);
  if (reply instanceof CommandError) throw reply;
  if (reply === null || typeof reply === "number") return reply;
  return reply.map(fromReply);
}

/** Numbers lose their fraction, as in Lua. */
function toReply(reply: RedisReply): Reply {
  if (reply === null) return null;
  if (typeof reply === "string") return Buffer.from(reply);
  if (typeof reply === "number") return Math.trunc(reply);
  return reply.map(toReply);
}

function keyCountOf(argument: Argument, given: number): number {
  const count = integerOf(bytesOf(argument));
  if (count > given) throw new CommandError("ERR Number of keys can't be greater than number of args");
  if (count < 0) throw new CommandError("ERR Number of keys can't be negative");
  return count;
}

function shaOf(text: Argument): string {
  return createHash("sha1").update(text).digest("hex");
}

function unknownScript(): CommandError {
  return new CommandError("ERR this script is not known to the embedded engine: set REDIS_URL to use a real Redis");
}

function noScript(): CommandError {
  return new CommandError("NOSCRIPT No matching script. Please use EVAL.");
}
