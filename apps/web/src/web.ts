/**
 * The web app: starts a crawl and answers at once, shows how it stands, and streams it.
 *
 * @module
 */

import { CrawlLimits } from "@umbel/app-worker/limits";
import { app, crawl } from "@umbel/app-worker/tasks";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { streamSSE } from "hono/streaming";
import { UmbelError } from "umbel";
import { results, resultsReadiness } from "umbel/results";
import * as z from "zod/mini";
import { crawlReader } from "./crawl-reader.ts";
import { pageOf } from "./page.ts";
import type { Progress } from "./progress.ts";

/** Milliseconds between two looks at a crawl that is streamed. */
const pause = 400;
/** Milliseconds after which a stream ends by itself; a browser opens the next one. */
const longestStream = 900_000;

const CrawlBody = z.object({ url: z.url({ protocol: /^https?$/ }), limits: z.exactOptional(CrawlLimits) });

/** What is served: `/`, `POST /crawl`, `/crawl/:id` with `/stream` and `/pages`, and `/tasks`. */
export const web: Hono = new Hono();

web.use(async (context, next) => {
  app.useEnvironment(context.env); // On Workers variables come with the request.
  await next();
});
web.onError((error) => {
  const isPassing = error instanceof UmbelError && error.transient;
  const log = app.logger({ logger: "demo.web" });
  if (isPassing) log.error(error.message);
  else log.critical(error.stack ?? error.message);
  // Strangers may ask: what failed, and at which address, is for the log.
  return problem(isPassing ? 503 : 500, "The request could not be handled; the log says why");
});
const unready = resultsReadiness(app);
web.get("/", async (context) => (await unready()) ?? context.html(pageOf(app.environment("DEMO_SITE") ?? "")));
web.post("/crawl", bodyLimit({ maxSize: 65_536 }), async (context) => await start(context));
web.get("/crawl/:id", async (context) => context.json(await readerOf(context).progress()));
web.get("/crawl/:id/pages", async (context) => context.json(await readerOf(context).pages()));
web.get("/crawl/:id/stream", stream);
web.route("/tasks", results(app));

async function start(context: Context): Promise<Response> {
  const body = CrawlBody.safeParse(await context.req.json().catch(() => undefined));
  if (!body.success) return problem(400, 'The body must be {"url": "https://...", "limits"?: {...}}');
  const { id } = await crawl.delay(body.data.url, body.data.limits ?? {});
  const self = `/crawl/${id}`;
  const links = { self, stream: `${self}/stream`, pages: `${self}/pages` };
  return context.json({ id, links }, 202, { location: self });
}

/** Sends how the crawl stands whenever that has changed. A store that is away for a moment is waited for. */
function stream(context: Context): Response {
  const reader = readerOf(context);
  return streamSSE(context, async (out) => {
    const giveUpAt = Date.now() + longestStream;
    let told = "";
    while (!out.aborted && Date.now() < giveUpAt) {
      const progress = await orNothing(reader.progress());
      const data = progress === undefined ? told : JSON.stringify(progress);
      if (data === told) await out.write(": still here\n\n");
      else await out.writeSSE({ event: "progress", data });
      if (progress !== undefined && progress.state !== "RUNNING") return;
      told = data;
      await out.sleep(pause);
    }
  });
}

async function orNothing(progress: Promise<Progress>): Promise<Progress | undefined> {
  try {
    return await progress;
  } catch (error) {
    if (error instanceof UmbelError && error.transient) return undefined;
    throw error;
  }
}

function readerOf(context: Context) {
  return crawlReader(app.backend, context.req.param("id") ?? "");
}

/** Problem details (RFC 9457). */
function problem(status: number, detail: string): Response {
  return new Response(JSON.stringify({ type: "about:blank", status, detail }), {
    status,
    headers: { "content-type": "application/problem+json" },
  });
}
