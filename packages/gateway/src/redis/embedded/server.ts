/**
 * Commands on no key: is it there, what time is it, tell everybody.
 *
 * @module
 */

import { atLeast, type CommandTable, exactly, wrongNumberOfArguments } from "./command-table.ts";

/** What they need. */
export interface ServerHost {
  /** Milliseconds since 1970. */
  now(): number;
  /** Publishes once the request is stored; answers how many will hear it. */
  publish(channel: string, message: Buffer): number;
}

/** The commands on no key. */
export function serverCommands(host: ServerHost): CommandTable {
  return {
    ping: atLeast(0, ([message, ...rest]) => {
      if (rest.length > 0) throw wrongNumberOfArguments("ping");
      return message ?? Buffer.from("PONG");
    }),
    echo: exactly(1, ([message]) => message),
    time: exactly(0, () => timeOf(host.now())),
    publish: exactly(2, ([channel, message]) => host.publish(channel.toString(), message)),
  };
}

/** Seconds, and the microseconds beyond them. */
function timeOf(milliseconds: number): readonly Buffer[] {
  const seconds = Math.floor(milliseconds / 1000);
  return [seconds, Math.floor((milliseconds - seconds * 1000) * 1000)].map((part) => Buffer.from(String(part)));
}
