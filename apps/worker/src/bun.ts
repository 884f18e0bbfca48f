/** The worker on Bun: `bun src/bun.ts`. */

import { worker } from "umbel/worker";
import type { Hono } from "hono";
import { assertReady } from "./assert-ready.ts";
import { surviveStrayRejections } from "./stray-rejections.ts";
import { app } from "./tasks.ts";

const { PORT = "8787", HOST = "127.0.0.1" } = process.env;

surviveStrayRejections();
const endpoint = worker(app);
await assertReady(endpoint.fetch);

/** What Bun serves. It cuts requests that are silent for ten seconds unless it is told not to. */
const server: {
  readonly port: number;
  readonly hostname: string;
  readonly idleTimeout: number;
  readonly fetch: Hono["fetch"];
} = { port: Number(PORT), hostname: HOST, idleTimeout: 0, fetch: endpoint.fetch };

export default server;
