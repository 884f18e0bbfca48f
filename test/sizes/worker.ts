/** A worker. */

import type { Hono } from "hono";
import { worker } from "umbel/worker";
import { app } from "./shop.ts";

const endpoint: Hono = worker(app);

export default endpoint;
