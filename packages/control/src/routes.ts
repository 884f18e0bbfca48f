/**
 * Control over HTTP: what `control(app)` does, for whoever has the bearer token.
 *
 * @module
 */

import { problem, readBody, refusalWithout, type Umbel, unauthorized } from "@umbel/core";
import { type ErrorCode, MissingSettingError, UmbelError } from "@umbel/protocol";
import { type Context, Hono } from "hono";
import { tell } from "./control-commands.ts";
import type { Control, Page, PageRequest } from "./control.ts";
import type { ControlOptions } from "./desk.ts";
import { withOwnCursor, withShownCursor } from "./page-cursor.ts";
import { ask } from "./inspect-commands.ts";
import { control } from "./open.ts";
import { argumentsIn, filterIn, listedIn, listing, purgeIn, replayIn, whomIn } from "./request.ts";

/** Options of {@link controlRoutes}. */
export interface ControlRoutesOptions extends ControlOptions {
  /** The bearer token; `UMBEL_CONTROL_TOKEN` when not given. */
  readonly token?: string;
}

const guard = { setting: "UMBEL_CONTROL_TOKEN", purpose: "control over HTTP", needs: "Control needs" };

/** The largest body, in bytes: a replay's other arguments. */
const maxBody = 1_048_576;

/** What answers a request; `body` is what it has brought. */
type Answer = (operator: Control, context: Context, body: string) => Promise<Response>;

/**
 * Makes the routes: `GET /status`; `GET /inspect/:method` asks and `POST /control/:method` tells, in Celery's words and with its
 * arguments; `GET /tasks/:state`, `GET /revoked` and `GET /dead` list page by page; `GET /purge` counts what `POST /purge` deletes, and
 * `POST /replay` sends again. Serve them by themselves, or `route()` them into an app of yours.
 */
export function controlRoutes(app: Umbel, { token, ...options }: ControlRoutesOptions = {}): Hono {
  const hono = new Hono();
  const operator = control(app, options);
  hono.use(async (context, next) => {
    app.useEnvironment(context.env);
    const refusal = await refusalWithout({ app, environment: app.environment, given: token, ...guard }, context);
    if (refusal === undefined) return await next();
    return unauthorized(refusal);
  });
  let isTold = false;
  hono.onError((error) => {
    if (!(error instanceof MissingSettingError)) return answerError(app, error);
    if (!isTold) app.logger({ logger: "umbel.control" }).error(`Control answers nobody: ${error.message}`);
    isTold = true;
    return problem({ status: 503, code: error.code, detail: error.message });
  });
  const route = (answer: Answer) => async (context: Context) => {
    const body = await readBody(context.req.raw, maxBody);
    return body === undefined ? tooLarge() : await answer(operator, context, body);
  };
  hono.get("/status", route(showStatus));
  hono.get("/inspect/:method", route(inspect));
  hono.post("/control/:method", route(change));
  hono.get("/tasks/:state", route(list));
  hono.get("/revoked", route(revoked));
  hono.get("/dead", route(dead));
  hono.get("/purge", route(countOfPurge));
  hono.post("/purge", route(purge));
  hono.post("/replay", route(replay));
  hono.all("*", route(nowhere));
  return hono;
}

async function showStatus(operator: Control): Promise<Response> {
  return json(await operator.status());
}

async function inspect(operator: Control, context: Context): Promise<Response> {
  const { whom, args } = argumentsIn(context);
  return json(await ask(operator.inspect(whom), methodIn(context), args));
}

async function change(operator: Control, context: Context, body: string): Promise<Response> {
  return json(await tell(operator, methodIn(context), whomIn(body)));
}

async function list(operator: Control, context: Context): Promise<Response> {
  const state = listedIn(context);
  return json(await paged(`tasks/${state}`, context, async (request) => await operator.tasks(state, request)));
}

async function revoked(operator: Control, context: Context): Promise<Response> {
  return json(await paged("revoked", context, async (request) => await operator.revoked(request)));
}

async function dead(operator: Control, context: Context): Promise<Response> {
  const filter = filterIn(context);
  return json(await paged("dead", context, async (request) => await operator.deadLetters(filter, request)));
}

/** Throws `ImproperlyConfigured` for a cursor that is none of this list's. */
async function paged<Item>(
  name: string,
  context: Context,
  read: (request: PageRequest) => Promise<Page<Item>>,
): Promise<Page<Item>> {
  return withShownCursor(name, await read(withOwnCursor(name, listing(context))));
}

async function countOfPurge(operator: Control, context: Context): Promise<Response> {
  return json({ messages: await operator.purgeCount(listing(context)) });
}

async function purge(operator: Control, _context: Context, body: string): Promise<Response> {
  return json({ messages: await operator.purge(purgeIn(body)) });
}

async function replay(operator: Control, _context: Context, body: string): Promise<Response> {
  const { filter, options } = replayIn(body);
  return json(await operator.replay(filter, options));
}

async function nowhere(_operator: Control, { req: { method, path } }: Context): Promise<Response> {
  const detail = `There is no ${method} ${path}: there are ${routes}`;
  return await Promise.resolve(problem({ status: 404, code: "NOT_FOUND", detail }));
}

const routes =
  "GET status, inspect/METHOD, tasks/STATE, revoked, dead and purge, and POST control/METHOD, purge and replay";

function methodIn({ req }: Context): string {
  return req.param("method") ?? "";
}

/** What is the caller's mistake, or nobody's; all else is ours. */
const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  BACKEND_UNAVAILABLE: 503,
  BROKER_UNAVAILABLE: 503,
  ENCODE: 400,
  IMPROPERLY_CONFIGURED: 400,
  INVALID_MESSAGE: 400,
  MESSAGE_TOO_LARGE: 413,
  NOT_SUPPORTED: 400,
  QUEUE_NOT_FOUND: 400,
  VALUE: 404,
};

function answerError(app: Umbel, error: Error): Response {
  const status = error instanceof UmbelError ? statuses[error.code] : undefined;
  if (error instanceof UmbelError && status !== undefined) {
    return problem({ status, code: error.code, detail: error.message });
  }
  app.logger({ logger: "umbel.control" }).critical(`A request could not be answered: ${error.stack ?? error.message}`);
  const code = error instanceof UmbelError ? error.code : "UNAVAILABLE";
  return problem({ status: 500, code, detail: "The request could not be answered; the log says why" });
}

function tooLarge(): Response {
  return problem({ status: 413, code: "BODY_TOO_LARGE", detail: `The body is larger than ${maxBody} bytes` });
}

/** What is answered is for the caller alone, and never a page. */
function json(body: unknown): Response {
  return Response.json(body, { headers: { "cache-control": "no-store", "x-content-type-options": "nosniff" } });
}
