/** The worker on Node: `node src/node.ts`. */

import { serve } from "@hono/node-server";
import { worker } from "umbel/worker";
import { assertReady } from "./assert-ready.ts";
import { surviveStrayRejections } from "./stray-rejections.ts";
import { app } from "./tasks.ts";

const { PORT = "8787", HOST = "127.0.0.1" } = process.env;

surviveStrayRejections();
const endpoint = worker(app);
await assertReady(endpoint.fetch);

serve(
  {
    fetch: endpoint.fetch,
    port: Number(PORT),
    hostname: HOST,
    serverOptions: { keepAliveTimeout: 65_000 }, // Node's own five seconds race the caller's pool.
  },
  ({ address, port }) => console.log(`Listening on http://${address}:${port}/`),
);
