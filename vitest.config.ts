import { defineConfig, type ViteUserConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.ts";

/** Sources are read as they are: the `@umbel/source` condition points every package at its `src`. */
const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ["@umbel/source"] },
  ssr: { resolve: { conditions: ["@umbel/source"], externalConditions: ["@umbel/source"] } },
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "apps/*/test/**/*.test.ts",
      "examples/*/test/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    typecheck: { enabled: true, include: ["test/types/**/*.test-d.ts"], tsconfig: "./test/types/tsconfig.json" },
    sequence: { sequencer: LongestFirst },
    // Vitest leaves one processor free: on a machine with two, one file would run after the other, though most wait.
    maxWorkers: "100%",
    // A guard: most take milliseconds. At the full level property tests run ten to thirty times as many cases.
    testTimeout: process.env["UMBEL_TEST_LEVEL"] === "full" ? 900_000 : 120_000,
    // Guards for what waits without a word of its own: servers that start, and what is polled, while the machine is busy.
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
  },
});

export default config;
