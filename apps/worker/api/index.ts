/** The worker on Vercel Edge: every route, by vercel/config.json. */

import type { Hono } from "hono";
import { worker } from "umbel/worker";
import { app } from "../src/tasks.ts";

const endpoint: Hono = worker(app);

/** What Vercel calls. */
export default async function handle(request: Request): Promise<Response> {
  return await endpoint.fetch(request);
}
