/**
 * Results over HTTP: enqueue a call, poll it, wait for it, stream it.
 *
 * Enqueueing needs the bearer token. Reading needs the token too, or the signed link that enqueueing returns, so that a
 * page can follow its own call and no other.
 *
 * @module
 */

import {
  apiToken,
  isBuiltin,
  isLocalRequest,
  isSameSecret,
  problem,
  type RegisteredTask,
  type Umbel,
} from "@umbel/core";
import {
  type Duration,
  isLoopback,
  isReady,
  MissingSettingError,
  parseJson,
  type ResultMeta,
  secondsOf,
  UmbelError,
} from "@umbel/protocol";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { bodyOf } from "./body.ts";
import { EnqueueBody, problemsIn } from "./enqueue-body.ts";
import { useEnvironmentOf } from "./environment.ts";
import { grants, linkTo } from "./link.ts";
import { type Show, viewOf } from "./result-view.ts";

/** Options of {@link results}. */
export interface ResultsOptions {
  /** The bearer token; `UMBEL_RESULTS_TOKEN` when not given. */
  readonly token?: string;
  /** How long a signed link works. Default one day. */
  readonly linkLife?: Duration;
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
  const token = tokenOf({ app, options }, context);
  if (!(await hasToken(context, token))) return unauthorized("Enqueueing needs the header Authorization: Bearer TOKEN");
  const task = isBuiltin(name) ? undefined : app.tasks.get(name);
  if (task === undefined) {
    return problem({ status: 404, code: "NOT_REGISTERED", detail: `There is no task named "${name}" here` });
  }
  const read = await bodyOf(app, context.req.raw);
  if ("refused" in read) return read.refused;
  const body = EnqueueBody.safeParse(jsonIn(read.text));
  if (!body.success) return problem({ status: 400, code: "VALIDATION", detail: problemsIn(body.error.issues) });
  const misnamed = await refuseNames(task, body.data);
  if (misnamed !== undefined) return misnamed;
  const result = await app.sendTask(name, definedOnly(body.data));
  return await acceptedCall({ app, options }, context, { id: result.id, token });
}

/** Undefined for what is no JSON, or nested without end: the schema refuses it. */
function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
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

/** Where a page may follow one call without the token. */
export interface ResultLinks {
  readonly self: string;
  readonly stream: string;
}

/**
 * Signed links to a call that a handler of your own has sent. `base` is where `results(app)` is mounted, `/tasks` say;
 * `url` the request that is being answered, which decides whether development's token will do.
 * Throws `MissingSettingError` when there is no token.
 */
export async function resultLinks(
  app: Umbel,
  id: string,
  { url, ...options }: ResultsOptions & { readonly base: string; readonly url: string },
): Promise<ResultLinks> {
  return await linksTo(app, id, { ...options, token: tokenFor({ app, options }, isLoopback(url)) });
}

async function linksTo(
  app: Umbel,
  id: string,
  { base, token, linkLife = "1d" }: ResultsOptions & { readonly base: string; readonly token: string },
): Promise<ResultLinks> {
  const query = await linkTo(token, { id, expires: app.platform.now() + secondsOf(linkLife) * 1000 });
  const path = `${base}/${encodeURIComponent(id)}`;
  return { self: `${path}?${query}`, stream: `${path}/stream?${query}` };
}

async function tell(desk: Desk, context: Context, id: string): Promise<Response> {
  const show = await admit(desk, context, id);
  if (show instanceof Response) return show;
  const wait = waitOf(desk, context);
  const { signal } = context.req.raw;
  const end = wait > 0 ? await endWithin(desk.app, id, { seconds: wait, signal }) : undefined;
  return context.json(viewOf(id, end ?? (await desk.app.result(id).meta()), show));
}

async function stream(desk: Desk, context: Context, id: string): Promise<Response> {
  const show = await admit(desk, context, id);
  if (show instanceof Response) return show;
  const log = desk.app.logger({ logger: "umbel.results" });
  return streamSSE(
    context,
    async (out) => await sendStates(desk, { id, show }, out),
    async (error) => log.error(`The stream of ${id} broke off: ${error.message}`),
  );
}

/** Sends each state until the last, or until the reader has gone. */
async function sendStates(
  { app, options }: Desk,
  { id, show }: { readonly id: string; readonly show: Show },
  out: SSEStreamingApi,
): Promise<void> {
  const over = new AbortController();
  out.onAbort(() => over.abort());
  const beating = beat();
  try {
    for await (const meta of app.backend.watch(id, over.signal)) {
      await out.writeSSE({ event: "state", data: JSON.stringify(viewOf(id, meta, show)) });
      if (meta !== undefined && isReady(meta.status)) break;
    }
  } finally {
    over.abort();
    await beating;
  }

  /** A comment now and then: proxies and runtimes cut streams that say nothing. */
  async function beat(): Promise<void> {
    while (await pause(app, options.heartbeat ?? 15, over.signal)) await out.write(": ping\n\n");
  }
}

/** True after so many seconds, false when the reader has gone before. */
async function pause({ platform }: Pick<Umbel, "platform">, seconds: number, signal: AbortSignal): Promise<boolean> {
  return await platform.sleep(seconds, signal).then(
    () => true,
    () => false,
  );
}

/** The end of a call; undefined when it takes longer, or than the reader waits. */
async function endWithin(
  { backend, platform }: Umbel,
  id: string,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<ResultMeta | undefined> {
  const over = new AbortController();
  const expired = pause({ platform }, seconds, over.signal).then(() => over.abort());
  try {
    return await backend.wait(id, AbortSignal.any([over.signal, signal]));
  } catch (error) {
    if (over.signal.aborted || signal.aborted) return undefined;
    throw error;
  } finally {
    over.abort();
    await expired;
  }
}

function waitOf({ options }: Desk, context: Context): number {
  const asked = Number(context.req.query("wait") ?? 0);
  return Number.isFinite(asked) ? Math.min(Math.max(asked, 0), secondsOf(options.maxWait ?? 30)) : 0;
}

/** What this reader may see of the call, or why nothing. */
async function admit(desk: Desk, context: Context, id: string): Promise<Show | Response> {
  const token = tokenOf(desk, context);
  if (await hasToken(context, token)) return { hasTraceback: true };
  const { expires, signature } = context.req.query();
  if (await grants(token, { id, expires, signature }, desk.app.platform.now())) return {};
  return unauthorized(
    "Reading needs the header Authorization: Bearer TOKEN, or the signed link that enqueueing returned",
  );
}

function tokenOf(desk: Desk, { req, env }: Context): string {
  return tokenFor(desk, isLocalRequest(req.raw, env));
}

function tokenFor({ app, options: { token } }: Desk, isLocal: boolean): string {
  const source = { given: token, setting: "UMBEL_RESULTS_TOKEN", purpose: "the results API", isLocal };
  return apiToken(app.environment, source);
}

async function hasToken(context: Context, token: string): Promise<boolean> {
  const given = context.req.header("authorization")?.match(/^Bearer (.+)$/i)?.[1];
  return given !== undefined && (await isSameSecret(given, token));
}

function unauthorized(detail: string): Response {
  return problem({ status: 401, code: "UNAUTHORIZED", detail }, { "www-authenticate": "Bearer" });
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
