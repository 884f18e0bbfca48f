/**
 * Runs tests in a copy of the tree until the first one fails.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

/** What became of the tests. */
export interface Verdict {
  /** File and title of a test that failed; undefined when none did. */
  readonly failed: string | undefined;
  readonly seconds: number;
}

/** Seconds after which a run that does not end is killed. */
const longestRun = 600;

/** Runs the tests in these folders of a tree. Throws when they could not be run, which says nothing of them. */
export async function tryTests(tree: string, folders: readonly string[]): Promise<Verdict> {
  const report = join(tree, "report.json");
  rmSync(report, { force: true });
  const started = performance.now();
  const output = await run(tree, [
    ...folders,
    "--bail=1",
    "--typecheck.enabled=false",
    "--reporter=json",
    `--outputFile=${report}`,
  ]);
  const seconds = Math.round((performance.now() - started) / 1000);
  if (!existsSync(report)) throw new Error(`The tests were not run:\n${output}`);
  const { testResults }: Report = JSON.parse(readFileSync(report, "utf8"));
  const broken = testResults.find((file) => file.status === "failed" && file.assertionResults.length === 0);
  const [first] = testResults.flatMap((file) => failuresIn(file, tree));
  if (first === undefined && broken !== undefined) throw new Error(`${broken.name} does not load: ${broken.message}`);
  return { failed: first, seconds };
}

/** The part of Vitest's report that we read. */
interface Report {
  readonly testResults: readonly FileReport[];
}

interface FileReport {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

function failuresIn({ name, assertionResults }: FileReport, tree: string): readonly string[] {
  const failed = assertionResults.filter(({ status }) => status === "failed");
  return failed.map(({ fullName }) => `${relative(tree, name)}: ${fullName}`);
}

async function run(tree: string, args: readonly string[]): Promise<string> {
  const vitest = ["node_modules/vitest/vitest.mjs", "run", ...args];
  const child = spawn("node_modules/.bin/node", vitest, { cwd: tree, timeout: longestRun * 1000 });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => void (output += String(chunk)));
  await once(child, "close");
  return output;
}
