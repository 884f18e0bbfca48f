/** Beat on Cloudflare Workers: `npx wrangler deploy`. The cron trigger in wrangler.jsonc calls its `scheduled`. */

export { schedule as default } from "./schedule.ts";
