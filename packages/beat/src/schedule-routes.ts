/**
 * Entries over HTTP: what `schedules(app)` does, for whoever has the bearer token.
 *
 * @module
 */

import { checkNames, printable, problem, readBody, type Umbel, unauthorized } from "@umbel/core";
import { EntryNotFound, type ErrorCode, ImproperlyConfigured, UmbelError } from "@umbel/protocol";
import { type Context, Hono } from "hono";
import { type Door, refusalOfToken } from "./caller.ts";
import { entryIn, rangeIn } from "./entry-body.ts";
import { mostNext, type Schedules, schedules } from "./manage.ts";
import { storeOf } from "./store.ts";

/** The largest body, in bytes: an entry and its arguments. */
const maxBody = 1_048_576;

/** What the routes close over. */
export interface RoutesDesk {
  readonly app: Umbel;
  readonly door: Door;
  /** Sees to it that the entries of code are known. Throws `ImproperlyConfigured`. */
  readonly ready: () => Promise<unknown>;
}

/** What answers a request about entries. */
type Answer = (entries: Schedules, context: Context) => Promise<Response>;

/**
 * Makes the routes: `GET /` lists, `GET`, `PUT` and `DELETE /:name` show, upsert and remove one, `POST /:name/pause`, `resume`,
 * `trigger` and `backfill` do what they say, `GET /:name/next` tells when it runs.
 */
export function scheduleRoutes(desk: RoutesDesk): Hono {
  const hono = new Hono();
  const route = (answer: Answer) => async (context: Context) => await answered(desk, context, answer);
  hono.get("/", route(list));
  hono.get("/:name", route(show));
  hono.put("/:name", route(upsert));
  hono.delete("/:name", route(remove));
  hono.post(
    "/:name/pause",
    route(async (entries, context) => json(await entries.pause(nameIn(context)))),
  );
  hono.post(
    "/:name/resume",
    route(async (entries, context) => json(await entries.resume(nameIn(context)))),
  );
  hono.post("/:name/trigger", route(trigger));
  hono.post("/:name/backfill", route(backfill));
  hono.get("/:name/next", route(next));
  hono.all(
    "*",
    route(async (_entries, { req }) => await Promise.resolve(noRoute(req))),
  );
  return hono;
}

/** Lets nobody in without the token, and tells a stranger of the stranger's mistakes only. */
async function answered({ app, door, ready }: RoutesDesk, context: Context, answer: Answer): Promise<Response> {
  const refusal = await refusalOfToken(door, context, "The entries of beat need");
  if (refusal !== undefined) {
    return unauthorized(refusal);
  }
  await ready();
  const store = storeOf(app, door.options);
  try {
    return await answer(schedules(app, { store }), context);
  } catch (error) {
    const status = error instanceof UmbelError ? statuses[error.code] : undefined;
    if (!(error instanceof UmbelError) || status === undefined) throw error;
    return problem({ status, code: error.code, detail: error.message });
  }
}

/** What is the caller's mistake; all else is ours. */
const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  ENTRY_NOT_FOUND: 404,
  ENTRY_IN_CODE: 409,
  MESSAGE_TOO_LARGE: 413,
  ENCODE: 400,
  IMPROPERLY_CONFIGURED: 400,
  INVALID_MESSAGE: 400,
  QUEUE_NOT_FOUND: 400,
  VALIDATION: 400,
};

async function list(entries: Schedules): Promise<Response> {
  return json({ entries: await entries.list() });
}

async function show(entries: Schedules, context: Context): Promise<Response> {
  const entry = await entries.get(nameIn(context));
  if (entry === undefined) throw missing(context);
  return json(entry);
}

async function upsert(entries: Schedules, context: Context): Promise<Response> {
  const text = await readBody(context.req.raw, maxBody);
  if (text === undefined) return tooLarge();
  return json(await entries.upsert(nameIn(context), entryIn(text)));
}

async function remove(entries: Schedules, context: Context): Promise<Response> {
  if (!(await entries.remove(nameIn(context)))) throw missing(context);
  return new Response(null, { status: 204 });
}

async function trigger(entries: Schedules, context: Context): Promise<Response> {
  const { id } = await entries.trigger(nameIn(context));
  return json({ id }, 202);
}

async function backfill(entries: Schedules, context: Context): Promise<Response> {
  const text = await readBody(context.req.raw, maxBody);
  if (text === undefined) return tooLarge();
  const done = await entries.backfill(nameIn(context), rangeIn(text));
  return json(done, done.dryRun ? 200 : 202);
}

async function next(entries: Schedules, context: Context): Promise<Response> {
  return json({ runs: await entries.next(nameIn(context), countIn(context)) });
}

/** Throws `ImproperlyConfigured`. */
function countIn({ req }: Context): number | undefined {
  checkNames(req.query(), ["count"], "query of next");
  const count = req.query("count");
  if (count === undefined || /^\d{1,9}$/.test(count)) return count === undefined ? undefined : Number(count);
  throw new ImproperlyConfigured(
    `The query count is ${JSON.stringify(count)}: give a whole number from 1 to ${mostNext}`,
  );
}

function noRoute({ method, path }: Context["req"]): Response {
  return problem({ status: 404, code: "NOT_FOUND", detail: `There is no ${method} ${path}: ${routes}` });
}

const routes =
  "there are GET, PUT and DELETE of an entry, GET next, and POST pause, resume, trigger and backfill below it";

function nameIn(context: Context): string {
  return context.req.param("name") ?? "";
}

function missing(context: Context): EntryNotFound {
  return new EntryNotFound(`There is no entry "${printable(nameIn(context))}"`);
}

function tooLarge(): Response {
  return problem({ status: 413, code: "BODY_TOO_LARGE", detail: `The body is larger than ${maxBody} bytes` });
}

/** What is answered is for the caller alone, and never a page. */
function json(body: unknown, status = 200): Response {
  return Response.json(body, {
    status,
    headers: { "cache-control": "no-store", "x-content-type-options": "nosniff" },
  });
}
