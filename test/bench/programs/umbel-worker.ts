/**
 * Umbel's worker of the bench, on Bun or Node.
 *
 * @module
 */

import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { results } from "umbel/results";
import { worker } from "umbel/worker";
import { messageSizes, requestCounts } from "./count-requests.ts";
import { app } from "./umbel-app.ts";

const port = Number(process.env["PORT"]);
const hono = new Hono();
hono.get("/counts", (context) => context.json(requestCounts()));
hono.get("/sizes/:are", (context) => context.json(messageSizes(context.req.param("are") === "measured")));
hono.get("/events/:are", (context) => {
  app.conf.update({ workerSendTaskEvents: context.req.param("are") === "sent" });
  return context.text("");
});
hono.route("/tasks", results(app));
hono.route("/", worker(app));

if ("Bun" in globalThis) await serveOnBun();
else serve({ fetch: hono.fetch, port, hostname: "127.0.0.1", serverOptions: { keepAliveTimeout: 65_000 } });
process.once("SIGTERM", () => process.exit(0));
console.log("listening");

/** As apps/worker does it. */
async function serveOnBun(): Promise<void> {
  // @ts-expect-error: Bun's own module has no types here.
  const { serve: serveBun }: { serve: (options: object) => unknown } = await import("bun");
  serveBun({ fetch: hono.fetch, port, hostname: "127.0.0.1", idleTimeout: 0 });
}
