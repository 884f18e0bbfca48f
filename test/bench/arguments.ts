/**
 * The bench's command line.
 *
 * @module
 */

import { parseArgs } from "node:util";
import type { Runtime } from "./umbel.ts";

/** What was asked for. */
export interface Arguments {
  /** Repetitions; the median of them counts. */
  readonly runs: number;
  /** Names of trials, or how they begin; all when empty. */
  readonly only: readonly string[];
  /** Names of contenders; all that are installed when empty. */
  readonly against: readonly string[];
  /** A hundredth of everything, once: to see that it runs. */
  readonly isQuick: boolean;
  /** Lines of JSON instead of a table. */
  readonly asJson: boolean;
  /** Keeps the run in docs/figures.jsonl, and writes the tables of README.md and docs/figures.md. */
  readonly isKept: boolean;
  /** Only writes these tables, of the run that is kept. */
  readonly onlyTables: boolean;
  /** Folder for profiles of Umbel's programs. */
  readonly profile: string | undefined;
  /** What Umbel's programs run on. */
  readonly runtime: Runtime;
  readonly help: boolean;
}

/** How the program is called. */
export const usage = `npm run bench -- [--runs 5] [--only NAME]... [--against CONTENDER]... [--runtime bun|node] [--quick] [--json] [--readme] [--tables] [--profile DIR]`;

/** Reads the command line. Throws `TypeError` for what it does not know. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string" },
      only: { type: "string", multiple: true, default: [] },
      against: { type: "string", multiple: true, default: [] },
      runtime: { type: "string", default: "bun" },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      readme: { type: "boolean", default: false },
      tables: { type: "boolean", default: false },
      profile: { type: "string" },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  return {
    runs: Math.max(1, Number(values.runs ?? (values.quick ? 1 : 5))),
    only: values.only,
    against: values.against,
    isQuick: values.quick,
    asJson: values.json,
    isKept: values.readme,
    onlyTables: values.tables,
    profile: values.profile,
    runtime: values.runtime === "node" ? "node" : "bun",
    help: values.help,
  };
}
