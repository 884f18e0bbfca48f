/**
 * Commands that have no place in a request over HTTP: those that wait, that belong to one connection, and that rule the
 * server. Upstash refuses them in the same words.
 *
 * @module
 */

import { type Command, CommandError, textOf } from "./engine.ts";

const waiting = "BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF";
const connection =
  "AUTH HELLO QUIT RESET SELECT CLIENT READONLY READWRITE ASKING MONITOR MULTI EXEC DISCARD WATCH UNWATCH " +
  "SUBSCRIBE UNSUBSCRIBE PSUBSCRIBE PUNSUBSCRIBE SSUBSCRIBE SUNSUBSCRIBE";
const ruling =
  "ACL BGREWRITEAOF BGSAVE CLUSTER CONFIG DEBUG FAILOVER MIGRATE MODULE MOVE PSYNC REPLCONF REPLICAOF SAVE SENTINEL " +
  "SHUTDOWN SLAVEOF SWAPDB SYNC";

const refused: ReadonlySet<string> = new Set(`${waiting} ${connection} ${ruling}`.split(" "));

/** Why a command is not even tried; undefined when it may be. */
export function refusalOf(command: Command): CommandError | undefined {
  if (!refused.has(command.name.toUpperCase()) && !waits(command)) return undefined;
  return new CommandError(`ERR Command is not available: '${command.name}'. It cannot be sent over HTTP`);
}

/** Reading a stream waits only when it is told to; what follows STREAMS are names. */
function waits({ name, args }: Command): boolean {
  if (!/^xread(group)?$/i.test(name)) return false;
  const words = args.map((argument) => textOf(argument).toUpperCase());
  return words.slice(0, words.indexOf("STREAMS")).includes("BLOCK");
}
