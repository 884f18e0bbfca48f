/** The web app on Bun: `bun src/bun.ts`. */

import { assertReady } from "@umbel/app-worker/assert-ready";
import type { Hono } from "hono";
import { web } from "./web.ts";

const { PORT = "3000", HOST = "127.0.0.1" } = process.env;

await assertReady(web.fetch);

/** What Bun serves. It cuts requests that are silent for ten seconds unless it is told not to. */
const server: {
  readonly port: number;
  readonly hostname: string;
  readonly idleTimeout: number;
  readonly fetch: Hono["fetch"];
} = { port: Number(PORT), hostname: HOST, idleTimeout: 0, fetch: web.fetch };

export default server;
