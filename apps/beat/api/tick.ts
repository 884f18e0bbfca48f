/** Vercel's cron: it calls with GET and `Bearer CRON_SECRET`; set UMBEL_BEAT_TOKEN to the same secret. */

import { schedule } from "../src/schedule.ts";

/** Sends what is due. */
export default async function tick(request: Request): Promise<Response> {
  const asked = new Request(new URL("/tick", request.url), { method: "POST", headers: request.headers });
  return await schedule.fetch(asked);
}
