/** Beat on Node: `node src/node.ts`. Its own loop ticks it, and so may others. */

import { assertReady } from "@umbel/app-worker/assert-ready";
import { serve } from "@hono/node-server";
import { runBeat } from "umbel/beat";
import { endWith } from "./end-with.ts";
import { schedule } from "./schedule.ts";

const { PORT = "8788", HOST = "127.0.0.1" } = process.env;

await assertReady(schedule.fetch);
void runBeat(schedule).catch(endWith);

serve(
  {
    fetch: schedule.fetch,
    port: Number(PORT),
    hostname: HOST,
    serverOptions: { keepAliveTimeout: 65_000 }, // Node's own five seconds race the caller's pool.
  },
  ({ address, port }) => console.log(`Listening on http://${address}:${port}/`),
);
