/** The web app on Vercel Edge: every route, by the rewrite in vercel.json. */

import { handle } from "hono/vercel";
import { web } from "../src/web.ts";

/** Where Vercel runs it. */
export const config: { readonly runtime: "edge" } = { runtime: "edge" };

const handler: (request: Request) => Response | Promise<Response> = handle(web);

export default handler;
