/** The worker on Vercel Edge: every route, by the rewrite in vercel.json. */

import { handle } from "hono/vercel";
import { worker } from "umbel/worker";
import { app } from "../src/tasks.ts";

/** Where Vercel runs it. */
export const config: { readonly runtime: "edge" } = { runtime: "edge" };

const handler: (request: Request) => Response | Promise<Response> = handle(worker(app));

export default handler;
