/** Vercel's cron: it calls with GET and `Bearer CRON_SECRET`; set UMBEL_BEAT_TOKEN to the same secret. */

import { schedule } from "../src/schedule.ts";

/** Where Vercel runs it. */
export const config: { readonly runtime: "edge" } = { runtime: "edge" };

/** Sends what is due. */
export async function GET(request: Request): Promise<Response> {
  const tick = new Request(new URL("/tick", request.url), { method: "POST", headers: request.headers });
  return await schedule.fetch(tick);
}
