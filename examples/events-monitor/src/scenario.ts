/**
 * Runs one of the scenarios in memory, and a monitor beside it: `node src/scenario.ts happy [--verbose]`.
 *
 * @module
 */

import { testKit } from "umbel/testing";
import { startMonitor } from "./monitor.ts";
import { app, visit } from "./tasks.ts";

const scenarios: Readonly<Record<string, () => Promise<unknown>>> = {
  happy: async () =>
    await visit.applyAsync(["https://example.com/"], { kwargs: { urlParams: [["search", "celery"]] } }),
  retry: async () => await visit.delay("https://example.com/nothing"),
  reject: async () => await visit.delay("https://not-existing"),
  expires: async () => await visit.applyAsync(["https://example.com/nothing"], { expires: 1 }),
};

const [name = "", flag] = process.argv.slice(2);
const call = scenarios[name];
if (call === undefined) {
  console.error(`There is no scenario "${name}": there are ${Object.keys(scenarios).join(", ")}`);
  process.exit(2);
}

await using kit = testKit(app, { seed: 1 });
const monitor = await startMonitor({ isVerbose: flag === "--verbose" });
await call();
await kit.settle();
await monitor.stop();
