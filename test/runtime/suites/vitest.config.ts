/** The tests that run on every runtime, on the one that reads this: Bun, Deno or Node. */

import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { testFiles } from "./test-files.ts";

const config: ViteUserConfig = defineConfig({
  root: fileURLToPath(new URL("../../../", import.meta.url)),
  resolve: { conditions: ["@umbel/source"] },
  ssr: { resolve: { conditions: ["@umbel/source"], externalConditions: ["@umbel/source"] } },
  test: {
    include: [...testFiles],
    pool: "bun" in process.versions ? "threads" : "forks", // Each starts on one of Bun and Deno only.
    isolate: false, // All that each file imports again took three times as long as the tests.
    testTimeout: 300_000, // A guard: beside much else the longest took 53 s.
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
  },
});

export default config;
