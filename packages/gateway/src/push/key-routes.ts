/**
 * Signing keys: read, rotate.
 *
 * @module
 */

import { Hono } from "hono";

import type { ApiOptions } from "./api-options.ts";

/** The routes of signing keys. */
export function keyRoutes({ keys }: ApiOptions): Hono {
  const app = new Hono();
  app.get("/v2/keys", (context) => context.json(keys.keys()));
  app.post("/v2/keys/rotate", async (context) => context.json(await keys.rotate()));
  return app;
}
