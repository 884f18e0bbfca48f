/**
 * Results over HTTP: enqueue a call, poll it, wait for it, stream it.
 *
 * Enqueueing needs the bearer token. Reading needs the token too, or the signed link that enqueueing returns, so that a
 * page can follow its own call and no other.
 *
 * @module
 */

import { isBuiltin, nearestTask, problem, type RegisteredTask, type Umbel } from "@umbel/core";
import { type Duration, longestId, MissingSettingError, parseJson, secondsOf, UmbelError } from "@umbel/protocol";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { streamSSE } from "hono/streaming";
import { bodyOf } from "./body.ts";
import { EnqueueBody, problemsIn } from "./enqueue-body.ts";
import { useEnvironmentOf } from "./environment.ts";
import { type AccessOptions, admit, hasToken, linksTo, refusalOf, tokensOf } from "./result-access.ts";
import { endWithin, sendStates } from "./result-stream.ts";
import { type Show, viewOf } from "./result-view.ts";

/** Options of {@link results}. */
export interface ResultsOptions extends AccessOptions {
  /** Longest wait that a reader may ask for. Default 30 s. */
  readonly maxWait?: Duration;
  /** Seconds between signs of life on a silent stream. Default 15. */
  readonly heartbeat?: number;
}

/** What every route closes over. */
interface Desk {
  readonly app: Umbel;
  readonly options: ResultsOptions;
}

/**
 * Makes the Hono app for results: `POST /:name` enqueues and answers 202 with signed links, `GET /:id` tells the state,
 * `GET /:id?wait=seconds` waits for the end, `GET /:id/stream` sends each state as a server-sent event.
 */
export function results(app: Umbel, options: ResultsOptions = {}): Hono {
  const hono = new Hono();
  const desk = { app, options };
  hono.use(useEnvironmentOf(app));
  hono.use(keptByNobody());
  hono.onError((error) => answerError(app, error));
  hono.post("/:name", async (context) => await enqueue(desk, context, context.req.param("name")));
  hono.get("/:id", async (context) => await tell(desk, context, context.req.param("id")));
  hono.get("/:id/stream", async (context) => await stream(desk, context, context.req.param("id")));
  return hono;
}

/** What is answered is for the caller alone, and never a page. */
function keptByNobody(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    context.header("cache-control", "no-store");
    context.header("x-content-type-options", "nosniff");
  };
}

async function enqueue({ app, options }: Desk, context: Context, name: string): Promise<Response> {
  const tokens = tokensOf({ app, options }, context);
  if (!(await hasToken(context, tokens))) return refusalOf(context, "Enqueueing");
  const task = isBuiltin(name) ? undefined : app.tasks.get(name);
  if (task === undefined) {
    return unknownTask(app, name);
  }
  const read = await bodyOf(app, context.req.raw);
  if ("refused" in read) return read.refused;
  const body = EnqueueBody.safeParse(jsonIn(read.text));
  if (!body.success) return problem({ status: 400, code: "VALIDATION", detail: problemsIn(body.error.issues) });
  const misuse = refuseTimes(task, body.data) ?? (await refuseNames(task, body.data));
  if (misuse !== undefined) return misuse;
  const result = await app.sendTask(name, definedOnly(body.data));
  return await acceptedCall({ app, options }, context, { id: result.id, token: tokens[0] });
}

/** Who has the token may know what tasks are called. */
function unknownTask(app: Umbel, name: string): Response {
  const nearest = nearestTask(app, name);
  const hint = nearest === undefined ? "" : `: the nearest is "${nearest}"`;
  return problem({ status: 404, code: "NOT_REGISTERED", detail: `There is no task named "${name}" here${hint}` });
}

/** Undefined for what is no JSON, or nested without end: the schema refuses it. */
function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** A call that expires before it is due: what a program is told of itself, a stranger is told of the request. */
function refuseTimes({ options }: RegisteredTask, { countdown = 0, expires }: EnqueueBody): Response | undefined {
  const end = expires ?? options.expires;
  if (end === undefined || secondsOf(end) >= secondsOf(countdown)) return undefined;
  return problem({ status: 400, code: "VALIDATION", detail: "countdown: the call would expire before it is due" });
}

/** Names of arguments that the task does not know: for a program a TypeError, for a stranger a bad request. */
async function refuseNames(
  task: RegisteredTask,
  { args = [], kwargs = {} }: EnqueueBody,
): Promise<Response | undefined> {
  try {
    await task.accept(args, kwargs);
    return undefined;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return problem({ status: 400, code: "VALIDATION", detail: error.message });
  }
}

/** 202: where to look for the call, with links that need no token. */
async function acceptedCall(
  { app, options }: Desk,
  context: Context,
  { id, token }: { readonly id: string; readonly token: string },
): Promise<Response> {
  const base = new URL(context.req.url).pathname.replace(/\/[^/]*$/, "");
  const links = await linksTo(app, id, { ...options, base, token });
  return context.json({ ...viewOf(id, undefined), links }, 202, { location: links.self });
}

async function tell(desk: Desk, context: Context, id: string): Promise<Response> {
  const show = await reader(desk, context, id);
  if (show instanceof Response) return show;
  const wait = waitOf(desk, context);
  if (wait === undefined) return problem({ status: 400, code: "VALIDATION", detail: "wait takes a number of seconds" });
  const { signal } = context.req.raw;
  const end = wait > 0 ? await endWithin(desk.app, id, { seconds: wait, signal }) : undefined;
  return context.json(viewOf(id, end ?? (await desk.app.result(id).meta()), show));
}

/** What this reader may see, or why nothing. */
async function reader(desk: Desk, context: Context, id: string): Promise<Show | Response> {
  const show = await admit(desk, context, id);
  if (show instanceof Response || id.length <= longestId) return show;
  return problem({ status: 400, code: "VALIDATION", detail: `An id has ${longestId} characters at most` });
}

async function stream(desk: Desk, context: Context, id: string): Promise<Response> {
  const show = await reader(desk, context, id);
  if (show instanceof Response) return show;
  const { app, options } = desk;
  const log = app.logger({ logger: "umbel.results" });
  const streamed = { id, show, heartbeat: options.heartbeat ?? 15 };
  return streamSSE(
    context,
    async (out) => await sendStates(app, streamed, out),
    async (error) => log.error(`The stream of ${id} broke off: ${error.message}`),
  );
}

/** Seconds; undefined for what is no number of them. */
function waitOf({ options }: Desk, context: Context): number | undefined {
  const text = context.req.query("wait") ?? "0";
  if (!/^\d+(?:\.\d+)?$/.test(text)) return undefined;
  return Math.min(Number(text), secondsOf(options.maxWait ?? 30));
}

/** A caller's own mistake is told to the caller. What is ours may name our addresses and settings: that is for the log. */
function answerError(app: Umbel, error: Error): Response {
  const status = error instanceof UmbelError ? statusOf(error) : 500;
  const code = error instanceof UmbelError ? error.code : "UNAVAILABLE";
  if (status < 500) return problem({ status, code, detail: error.message });
  const log = app.logger({ logger: "umbel.results" });
  if (status === 503) log.error(`A request could not be answered for now: ${error.message}`);
  else log.critical(`A request could not be answered: ${error.stack ?? error.message}`);
  const reason =
    error instanceof MissingSettingError ? `${error.setting} is not set` : "The request could not be handled";
  return problem({ status, code, detail: `${reason}; the log says more` });
}

/** The caller's mistake is 400, ours 500, and what passes 503. */
function statusOf(error: UmbelError): number {
  if (error.transient) return 503;
  return error.code === "VALIDATION" || error.code === "ENCODE" || error.code === "MESSAGE_TOO_LARGE" ? 400 : 500;
}

function definedOnly(body: EnqueueBody): { readonly [K in keyof EnqueueBody]?: NonNullable<EnqueueBody[K]> } {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
