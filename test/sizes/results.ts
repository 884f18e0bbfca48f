/** Calls and results over HTTP. */

import type { Hono } from "hono";
import { results } from "umbel/results";
import { app } from "./shop.ts";

const endpoint: Hono = results(app);

export default endpoint;
