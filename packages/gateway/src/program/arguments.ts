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
}

/** Flags that take a value, and the value when there is none. */
const defaults = {
  port: "8080",
  "rest-port": "8079",
  host: "127.0.0.1",
  data: ".umbel/gateway",
  concurrency: "128",
  "max-body": "10m",
  "max-timeout": "2h",
  "keep-dead-letters": "30d",
  "request-timeout": "5m",
} as const;

type Flag = keyof typeof defaults;

/** How the program is called, in a line. */
export const usage: string = `umbel-gateway ${Object.entries(defaults)
  .map(([flag, value]) => `[--${flag} ${value}]`)
  .join(" ")}`;

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
    const name = `UMBEL_GATEWAY_${flag.toUpperCase().replaceAll("-", "_")}`;
    const isFlag = values[flag] !== undefined;
    const text = values[flag] ?? variable(environment, name) ?? defaults[flag];
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
  } as const satisfies Readonly<Record<Flag | "help", object>>;
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
