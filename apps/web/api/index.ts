/** The web app on Vercel Edge: every route, by vercel/config.json. */

import { web } from "../src/web.ts";

/** What Vercel calls. */
export default async function handle(request: Request): Promise<Response> {
  return await web.fetch(request);
}
