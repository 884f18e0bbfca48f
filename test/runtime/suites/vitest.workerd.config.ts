/** The tests that run on every runtime, on workerd: within it, and not only against it. */

import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { hireLender } from "./outside/hire-lender.ts";
import { notOnWorkerd, onWorkerdInstead, testFiles } from "./test-files.ts";

const config: ViteUserConfig = defineConfig({
  plugins: [cloudflareTest({ miniflare: { compatibilityDate: "2026-08-04" } })],
  root: fileURLToPath(new URL("../../../", import.meta.url)),
  resolve: {
    conditions: ["@umbel/source"],
    alias: Object.entries(onWorkerdInstead).map(([find, file]) => ({ find, replacement: pathOf(file) })),
  },
  ssr: { resolve: { conditions: ["@umbel/source"], externalConditions: ["@umbel/source"] } },
  test: {
    include: [...testFiles],
    exclude: Object.keys(notOnWorkerd),
    provide: { lender: await hireLender() },
    setupFiles: [pathOf("loopback.ts")],
    isolate: false, // An isolate for each file costs half a second and all that is imported again.
    testTimeout: 300_000, // A guard: beside much else the longest took 53 s.
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
  },
});

export default config;

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
