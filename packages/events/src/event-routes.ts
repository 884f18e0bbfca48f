/**
 * Events over HTTP, for whoever has the bearer token.
 *
 * @module
 */

import { nearestName, problem, refusalWithout, type Umbel, unauthorized } from "@umbel/core";
import { type Duration, ImproperlyConfigured, MissingSettingError, secondsOf, UmbelError } from "@umbel/protocol";
import { type Context, Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { sendEvents } from "./event-stream.ts";
import type { Beginning } from "./feed.ts";
import { fromNowOn } from "./listen.ts";
import { type EventStore, type MonitorOptions, monitorOf } from "./monitor-beside.ts";
import { behind } from "./place.ts";
import { wantedTypes } from "./wanted-types.ts";

/** Options of {@link eventRoutes}. */
export interface EventRoutesOptions extends MonitorOptions {
  /** The bearer token; `UMBEL_EVENTS_TOKEN` when not given. */
  readonly token?: string;
  /** Time between signs of life on a silent stream. Default 15 s. */
  readonly heartbeat?: Duration;
}

const guard = { setting: "UMBEL_EVENTS_TOKEN", purpose: "the stream of events", needs: "Events need" };

/**
 * Makes the Hono app for events: `GET /` sends each as a server-sent event, `?type=task-failed,task-retried` only some,
 * `?own=order-paid` a program's own ones, `?since=10m` those of the last ten minutes first. A reader who comes back with `Last-Event-ID` gets what it has missed.
 */
export function eventRoutes(app: Umbel, options: EventRoutesOptions = {}): Hono {
  const { token, heartbeat = 15, ...places } = options;
  const hono = new Hono();
  hono.use(async (context, next) => {
    app.useEnvironment(context.env);
    const refusal = await refusalWithout({ app, environment: app.environment, given: token, ...guard }, context);
    if (refusal === undefined) return await next();
    return unauthorized(refusal);
  });
  hono.onError((error) => answerError(app, error));
  hono.get("/", async (context) => {
    const store = monitorOf(app, places);
    const types = typesFor(context);
    if (types instanceof Response) return types;
    const beginning = await beginningOf(store, context, app.platform.now());
    if (beginning instanceof Response) return beginning;
    const listener = { app, store, now: app.platform.now };
    const log = app.logger({ logger: "umbel.events" });
    context.header("cache-control", "no-store");
    context.header("x-content-type-options", "nosniff");
    return streamSSE(
      context,
      async (out) => await sendEvents(listener, { beginning, types, heartbeat: secondsOf(heartbeat) }, out),
      async (error) => log.error(`A stream of events broke off: ${error.message}`),
    );
  });
  return hono;
}

/** What a query may ask for. */
const asked = ["type", "own", "since", "lastEventId"];
/** What is shorter is near to anything. */
const shortestSlip = 3;

function typesFor({ req }: Context): ReadonlySet<string> | Response {
  const slip = Object.keys(req.queries()).find(isSlip);
  if (slip !== undefined) return wrong(`Unknown: ${slip}. There are ${asked.join(", ")}`);
  try {
    return wantedTypes(req.queries());
  } catch (error) {
    if (error instanceof ImproperlyConfigured) return wrong(error.message);
    throw error;
  }
}

/** A parameter that would ask for nothing, but is meant to. Others are not ours: caches and proxies are told by them. */
function isSlip(name: string): boolean {
  return !asked.includes(name) && name.length >= shortestSlip && nearestName(name, asked) !== undefined;
}

/** Where the reader has been, else where it wants to begin. A library that may set no header names it in the query. Throws `BackendUnavailable`. */
async function beginningOf(store: EventStore, { req }: Context, now: number): Promise<Beginning | Response> {
  const id = req.header("last-event-id") || req.query("lastEventId");
  if (id) return await behindOrWrong(store, id);
  const since = req.query("since");
  if (since === undefined) return await fromNowOn(store);
  try {
    return { since: now - secondsOf(since) * 1000 };
  } catch {
    return wrong("since takes how long ago: seconds, or a text such as 10m");
  }
}

async function behindOrWrong(store: EventStore, id: string): Promise<Beginning | Response> {
  try {
    return await behind(store, id);
  } catch (error) {
    if (error instanceof ImproperlyConfigured) return wrong("Last-Event-ID is none of this stream's");
    throw error;
  }
}

function wrong(detail: string): Response {
  return problem({ status: 400, code: "VALIDATION", detail });
}

/** What is ours may name our addresses and settings: that is for the log. */
function answerError(app: Umbel, error: Error): Response {
  const isPassing = error instanceof UmbelError && error.transient;
  const log = app.logger({ logger: "umbel.events" });
  if (isPassing) log.error(`A request could not be answered for now: ${error.message}`);
  else log.critical(`A request could not be answered: ${error.stack ?? error.message}`);
  const code = error instanceof UmbelError ? error.code : "UNAVAILABLE";
  const reason =
    error instanceof MissingSettingError ? `${error.setting} is not set` : "The events could not be received";
  return problem({ status: isPassing ? 503 : 500, code, detail: `${reason}; the log says more` });
}
