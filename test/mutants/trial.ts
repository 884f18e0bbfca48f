/**
 * Runs one test in a copy of the tree.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A test by its file and its title, after those of the groups around it, as Vitest has them: `group > test`. */
export interface TestName {
  readonly file: string;
  readonly title: string;
}

/** What became of a test. One that did not end in time says nothing of what it asserts. */
export type TrialOutcome = "passed" | "failed" | "timed out" | "not there";

/** Seconds after which a run that does not end is killed. */
const longestRun = 400;

/** Runs a test of a tree. Throws when it could not be run, which says nothing of it. */
export async function tryTest(tree: string, test: TestName): Promise<TrialOutcome> {
  const report = join(tree, "report.json");
  rmSync(report, { force: true });
  const output = await run(tree, [
    test.file,
    `--testNamePattern=^${test.title.replaceAll(/[^\w ]/g, ".")}$`,
    "--typecheck.enabled=false",
    "--reporter=json",
    `--outputFile=${report}`,
  ]);
  if (!existsSync(report)) throw new Error(`The test was not run:\n${output}`);
  const { testResults }: Report = JSON.parse(readFileSync(report, "utf8"));
  for (const { status, message, assertionResults } of testResults) {
    if (status === "failed" && assertionResults.length === 0) throw new Error(`It does not load: ${message}`);
  }
  return outcomeIn(testResults, test);
}

/** The part of Vitest's report that we read. */
interface Report {
  readonly testResults: readonly FileReport[];
}

interface FileReport {
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly TestReport[];
}

interface TestReport {
  readonly status: string;
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly failureMessages: readonly string[];
}

function outcomeIn(files: readonly FileReport[], { title }: TestName): TrialOutcome {
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const found = tests.find((test) => [...test.ancestorTitles, test.title].join(" > ") === title);
  if (found?.status === "passed") return "passed";
  if (found?.status !== "failed") return "not there";
  return found.failureMessages.some((message) => /Test timed out in/.test(message)) ? "timed out" : "failed";
}

async function run(tree: string, args: readonly string[]): Promise<string> {
  const vitest = ["node_modules/vitest/vitest.mjs", "run", ...args];
  // Always the same canvases and counts: what is asked is whether the test notices, not whether it does by luck.
  const env = { ...process.env, UMBEL_TEST_LEVEL: "", UMBEL_TEST_SEED: "2026" };
  const child = spawn("node_modules/.bin/node", vitest, { cwd: tree, env, timeout: longestRun * 1000 });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => void (output += String(chunk)));
  await once(child, "close");
  return output;
}
