/** The worker on Deno: `deno run -A src/deno.ts`, and on Deno Deploy, which chooses the port itself. */

import { worker } from "umbel/worker";
import { assertReady } from "./assert-ready.ts";
import { surviveStrayRejections } from "./stray-rejections.ts";
import { app } from "./tasks.ts";

/** The part of Deno that is used here. */
declare const Deno: {
  serve(
    options: { port: number; hostname: string },
    handler: (request: Request) => Response | Promise<Response>,
  ): unknown;
};

const { PORT = "8787", HOST = "127.0.0.1" } = process.env;

surviveStrayRejections();
const endpoint = worker(app);
await assertReady(endpoint.fetch);

Deno.serve({ port: Number(PORT), hostname: HOST }, endpoint.fetch);
