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

/** What the command line can name. */
export interface Names {
  readonly trials: readonly string[];
  readonly contenders: readonly string[];
}

/** Reads the command line. Throws `TypeError` for what it does not know, and for what makes no sense together. */
export function readArguments(args: readonly string[], names: Names): Arguments {
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
  const wanted = { only: values.only, against: values.against, runtime: [values.runtime] };
  refuseUnknown(wanted, { only: names.trials, against: names.contenders, runtime: ["bun", "node"] });
  const runs = runsIn(values.runs ?? (values.quick ? "1" : "5"));
  const isWhole = values.only.length + values.against.length === 0 && !values.quick && runs >= 5;
  if (values.readme && !isWhole) {
    throw new TypeError(
      "--readme keeps a whole run: without --only, --against and --quick, and with 5 --runs at least",
    );
  }
  return {
    runs,
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

type NamesByFlag = Readonly<Record<"only" | "against" | "runtime", readonly string[]>>;

/** A trial may be named by how it begins. */
function refuseUnknown(given: NamesByFlag, known: NamesByFlag): void {
  for (const flag of ["only", "against", "runtime"] as const) {
    for (const each of given[flag]) {
      if (known[flag].some((name) => (flag === "only" ? name.startsWith(each) : name === each))) continue;
      throw new TypeError(`--${flag} ${each}: there is no such name; known are ${known[flag].join(", ")}`);
    }
  }
}

function runsIn(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new TypeError(`--runs ${text}: a number from 1 was expected`);
  return Number(text);
}
