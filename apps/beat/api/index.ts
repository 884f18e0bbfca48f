/** Beat on Vercel Edge: every route but the cron's, by vercel/config.json. */

import { schedule } from "../src/schedule.ts";

/** What Vercel calls. */
export default async function handle(request: Request): Promise<Response> {
  return await schedule.fetch(request);
}
