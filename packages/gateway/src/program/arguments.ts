/**
 * The gateway's command line.
 *
 * Each flag has a variable too, which a container's settings can hold: `--max-body` is `UMBEL_GATEWAY_MAX_BODY`. The flag
 * wins.
 *
 * @module
 */

import { parseArgs } from "node:util";

import { type Environment, variable } from "@umbel/protocol";

import { type Flag, flags, usage, variableOf } from "./flags.ts";
import { bytesOf, countOf, portOf, secondsOf } from "./quantity.ts";

/** What was asked for. */
export interface Arguments {
  readonly port: number;
  readonly restPort: number;
  readonly host: string;
  /** A directory, or `:memory:`. */
  readonly data: string;
  /** Most deliveries at once. */
  readonly concurrency: number;
  /** Most bytes in the body of a request. */
  readonly maxBody: number;
  /** Seconds that a destination may take. */
  readonly maxTimeout: number;
  /** Seconds for which dead letters are kept. */
  readonly deadLetterRetention: number;
  /** Seconds within which a request has to have come. */
  readonly requestTimeout: number;
  readonly help: boolean;
  readonly version: boolean;
}

/** The command line or a variable cannot be read; the message is one line that says how the program is called. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  constructor(problem: string) {
    super(`${problem} Usage: ${usage}`);
  }
}

/** Reads the command line, and the variables for what is not in it. Throws `UsageError`. */
export function readArguments(args: readonly string[], environment: Environment): Arguments {
  const { values, positionals } = parse(args);
  if (positionals.length > 0) throw new UsageError(`What is "${positionals.join(" ")}" for?`);

  function read<T>(flag: Flag, parser: (text: string) => T): T {
    const name = variableOf(flag);
    const isFlag = values[flag] !== undefined;
    const text = values[flag] ?? variable(environment, name) ?? flags[flag].value;
    try {
      return parser(text);
    } catch (error) {
      throw new UsageError(`${isFlag ? `--${flag}` : name} ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  return {
    port: read("port", portOf),
    restPort: read("rest-port", portOf),
    host: read("host", filled),
    data: read("data", filled),
    concurrency: read("concurrency", countOf),
    maxBody: read("max-body", bytesOf),
    maxTimeout: read("max-timeout", secondsOf),
    deadLetterRetention: read("keep-dead-letters", secondsOf),
    requestTimeout: read("request-timeout", secondsOf),
    help: values.help === true,
    version: values.version === true,
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const options = {
    port: text,
    "rest-port": text,
    host: text,
    data: text,
    concurrency: text,
    "max-body": text,
    "max-timeout": text,
    "keep-dead-letters": text,
    "request-timeout": text,
    help: { type: "boolean", short: "h" },
    version: { type: "boolean" },
  } as const satisfies Readonly<Record<Flag | "help" | "version", object>>;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [problem = ""] = String(error instanceof Error ? error.message : error).split(/[.\n]/);
    throw new UsageError(`${problem}.`);
  }
}

function filled(text: string): string {
  if (text !== "") return text;
  throw new RangeError("is empty");
}
