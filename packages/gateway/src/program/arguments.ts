/**
 * The gateway's command line.
 *
 * @module
 */

import { parseArgs } from "node:util";

/** What was asked for. */
export interface Arguments {
  readonly port: number;
  readonly restPort: number;
  readonly host: string;
  /** A directory, or `:memory:`. */
  readonly data: string;
  readonly help: boolean;
}

/** How the program is called, in a line. */
export const usage = "umbel-gateway [--port 8080] [--rest-port 8079] [--host 127.0.0.1] [--data DIR | --data :memory:]";

/** The command line cannot be read; the message is one line that says how it is written. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  constructor(problem: string) {
    super(`${problem} Usage: ${usage}`);
  }
}

/** Reads the command line. Throws `UsageError`. */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  if (positionals.length > 0) throw new UsageError(`What is "${positionals.join(" ")}" for?`);
  if (values.data === "") throw new UsageError("--data is empty.");
  return {
    port: portOf("--port", values.port),
    restPort: portOf("--rest-port", values["rest-port"]),
    host: values.host,
    data: values.data,
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  const options = {
    port: { type: "string", default: "8080" },
    "rest-port": { type: "string", default: "8079" },
    host: { type: "string", default: "127.0.0.1" },
    data: { type: "string", default: ".umbel/gateway" },
    help: { type: "boolean", default: false, short: "h" },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [problem = ""] = String(error instanceof Error ? error.message : error).split(/[.\n]/);
    throw new UsageError(`${problem}.`);
  }
}

function portOf(flag: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`${flag} takes a port from 0 (any) to 65535, not "${text}".`);
}
