/**
 * An endpoint in a process of its own, to be killed. Prints its address.
 *
 * @module
 */

import { serve } from "@hono/node-server";

import { createRedisRest } from "../src/redis/rest.ts";
import { openDatabase } from "../src/store/database.ts";

const [, , path = ":memory:"] = process.argv;
const { app } = createRedisRest({ token: "t", database: openDatabase(path), scripts: [] });
serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`);
});
