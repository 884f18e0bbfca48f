/**
 * The starter's command line.
 *
 * @module
 */

import { parseArgs } from "node:util";

/** What was asked for. */
export interface Arguments {
  /** End after the demo instead of staying up. */
  readonly once: boolean;
  /** The site to crawl; absent: the project's own documentation. */
  readonly url?: string;
  /** Where the gateway keeps its file; absent: a folder of its own, which is gone afterwards. */
  readonly data?: string;
  /** Where the text files go; absent: `.umbel/results`. */
  readonly out?: string;
  readonly help: boolean;
}

/** How the program is called, in a line. */
export const usage = "npm start -- [--once] [--url URL] [--out DIR] [--data DIR]";

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
  if (values.url !== undefined && !isHttp(values.url)) {
    throw new UsageError(`--url takes an address such as https://example.com/, not "${values.url}".`);
  }
  return values;
}

function parse(args: readonly string[]) {
  const options = {
    once: { type: "boolean", default: false },
    url: { type: "string" },
    data: { type: "string" },
    out: { type: "string" },
    help: { type: "boolean", default: false, short: "h" },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [problem = ""] = String(error instanceof Error ? error.message : error).split(/[.\n]/);
    throw new UsageError(`${problem}.`);
  }
}

function isHttp(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
