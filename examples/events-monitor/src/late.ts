/**
 * A monitor that begins in the middle of a task: it does not know its name, and still how it ends.
 *
 * @module
 */

import { testKit } from "umbel/testing";
import { type Monitor, startMonitor } from "./monitor.ts";
import { app, visit } from "./tasks.ts";
import { meanwhile } from "./web.ts";

await using kit = testKit(app, { seed: 1 });
let monitor: Monitor | undefined;
meanwhile(async () => {
  monitor = await startMonitor();
});
await visit.delay("https://example.com/");
await kit.settle();
await monitor?.stop();
