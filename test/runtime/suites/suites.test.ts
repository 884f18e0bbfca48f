/**
 * The unit and conformance suites on every runtime, each run in a process of its own: `npm run test:bun`, `test:deno`,
 * `test:workerd`. Node runs them as part of the run that this is part of.
 */

import { expect, it } from "vitest";
import { startProgram } from "../../running-program.ts";
import { quickFiles } from "./test-files.ts";

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";
const vitest = "node_modules/vitest/vitest.mjs";

/** Seconds: a guard. They take two to five minutes; twelve beside much else. */
const patience = 2400;

it.for([
  ["Bun", ["node_modules/.bin/bun", "--bun", vitest], "vitest.config.ts"],
  ["Deno", ["node_modules/.bin/deno", "run", "-A", vitest], "vitest.config.ts"],
  ["workerd", ["node_modules/.bin/node", vitest], "vitest.workerd.config.ts"],
] as const)(
  "the suites pass on %s",
  { timeout: (patience + 10) * 1000 },
  async ([runtime, [command, ...words], config], { task }) => {
    const files = isFull ? [] : quickFiles;
    const flags = [
      "run",
      "--config",
      `test/runtime/suites/${config}`,
      "--reporter=default",
      "--reporter=./test/tally.ts",
    ];

    const suites = startProgram([command, ...words, ...flags, ...files], {
      UMBEL_TEST_LEVEL: "",
      UMBEL_REQUIRE_ALL: "",
    });
    const [tally, passed, failed] = await suites.until(/^(\d+) passed, (\d+) failed.*$/m, patience);

    task.meta.tally = `On ${runtime}: ${tally}`;
    expect(failed === "0" ? "" : suites.output()).toBe("");
    expect(Number(passed)).toBeGreaterThan(isFull ? 2000 : 100);
  },
);
