/** The worker on Cloudflare Workers: `npx wrangler deploy`. Its variables come with each request. */

import type { Hono } from "hono";
import { worker } from "umbel/worker";
import { app } from "./tasks.ts";

const endpoint: Hono = worker(app);

export default endpoint;
