/** The web app on Deno: `deno run -A src/deno.ts`, and on Deno Deploy, which chooses the port itself. */

import { assertReady } from "@umbel/app-worker/assert-ready";
import { web } from "./web.ts";

/** The part of Deno that is used here. */
declare const Deno: {
  serve(
    options: { port: number; hostname: string },
    handler: (request: Request) => Response | Promise<Response>,
  ): unknown;
};

const { PORT = "3000", HOST = "127.0.0.1" } = process.env;

await assertReady(web.fetch);

Deno.serve({ port: Number(PORT), hostname: HOST }, web.fetch);
