/** The web app on Node: `node src/node.ts`. */

import { assertReady } from "@umbel/app-worker/assert-ready";
import { serve } from "@hono/node-server";
import { web } from "./web.ts";

const { PORT = "3000", HOST = "127.0.0.1" } = process.env;

await assertReady(web.fetch);

serve(
  {
    fetch: web.fetch,
    port: Number(PORT),
    hostname: HOST,
    serverOptions: { keepAliveTimeout: 65_000 }, // Node's own five seconds race the caller's pool.
  },
  ({ address, port }) => console.log(`Listening on http://${address}:${port}/`),
);
