/** The web app on Cloudflare Workers: `npx wrangler deploy`. Its variables come with each request. */

export { web as default } from "./web.ts";
