/** Beat on Bun: `bun src/bun.ts`. Its own loop ticks it, and so may others. */

import { assertReady } from "@umbel/app-worker/assert-ready";
import type { Hono } from "hono";
import { runBeat } from "umbel/beat";
import { endWith } from "./end-with.ts";
import { schedule } from "./schedule.ts";

const { PORT = "8788", HOST = "127.0.0.1" } = process.env;

await assertReady(schedule.fetch);
void runBeat(schedule).catch(endWith);

/** What Bun serves. It cuts requests that are silent for ten seconds unless it is told not to. */
const server: {
  readonly port: number;
  readonly hostname: string;
  readonly idleTimeout: number;
  readonly fetch: Hono["fetch"];
} = { port: Number(PORT), hostname: HOST, idleTimeout: 0, fetch: schedule.fetch };

export default server;
