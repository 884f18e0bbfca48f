/** Beat on Vercel Edge: every route, by the rewrite in vercel.json. */

import { handle } from "hono/vercel";
import { schedule } from "../src/schedule.ts";

/** Where Vercel runs it. */
export const config: { readonly runtime: "edge" } = { runtime: "edge" };

const handler: (request: Request) => Response | Promise<Response> = handle(schedule);

export default handler;
