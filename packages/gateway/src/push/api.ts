/**
 * QStash's HTTP API (qstash.md section 2).
 *
 * @module
 */

import { type Context, Hono } from "hono";

import { tokenIn } from "../http/bearer.ts";
import { isDiskFull } from "../store/transaction.ts";
import type { ApiOptions } from "./api-options.ts";
import { deadLetterRoutes } from "./dead-letter-routes.ts";
import { flowRoutes } from "./flow-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { logRoutes } from "./log-routes.ts";
import { messageRoutes } from "./message-routes.ts";
import { publishRoutes } from "./publish-routes.ts";
import { queueRoutes } from "./queue-routes.ts";
import { RequestError } from "./request-error.ts";
import { scheduleRoutes } from "./schedule-routes.ts";

/** QStash's endpoints that this gateway does not have, by the beginning of their paths. */
const missing: Readonly<Record<string, string>> = {
  "/v2/notify": "Workflow is",
  "/v2/topics": "URL groups are",
  "/v2/trigger": "Workflow is",
  "/v2/wait": "Workflow is",
  "/v2/workflows": "Workflow is",
};

/** Seconds after which a request that found the disk full may be tried again. */
const fullDiskWait = 30;

const allRoutes = [
  publishRoutes,
  messageRoutes,
  queueRoutes,
  flowRoutes,
  scheduleRoutes,
  deadLetterRoutes,
  keyRoutes,
  logRoutes,
];

/** Creates the API. */
export function createApi(options: ApiOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const token = tokenIn(context.req.raw, "qstash_token");
    if (token === undefined) throw new RequestError(401, "A token is needed: send Authorization: Bearer QSTASH_TOKEN");
    if (!options.isToken(token)) throw new RequestError(401, "The token is not this gateway's QSTASH_TOKEN");
    await next();
  });
  for (const routes of allRoutes) app.route("/", routes(options));

  app.notFound((context) => answer(context, absent(context.req.path, context.req.method)));
  app.onError((error, context) => {
    if (!(error instanceof RequestError)) options.log(`${context.req.method} failed: ${String(error)}`);
    return answer(context, error);
  });
  return app;
}

function absent(path: string, method: string): RequestError {
  const [, what] = Object.entries(missing).find(([prefix]) => path.startsWith(prefix)) ?? [];
  if (what !== undefined) return new RequestError(501, `${what} not offered by this gateway yet`);
  return new RequestError(404, `There is no ${method} ${path}`);
}

/** Errors that are not the caller's tell the caller nothing that could be secret. */
function answer(context: Context, error: Error): Response {
  if (error instanceof RequestError) return context.json({ error: error.message }, error.status);
  if (isDiskFull(error)) {
    return context.json({ error: "The gateway's disk is full: nothing of this was stored; try again later" }, 503, {
      "Retry-After": String(fullDiskWait),
    });
  }
  return context.json(
    { error: "The gateway could not store or read this; its log says why. Nothing may be assumed of it" },
    500,
  );
}
