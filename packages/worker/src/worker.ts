/**
 * The worker's HTTP app: a push becomes an attempt, a stored outcome and an acknowledgement.
 *
 * @module
 */

import {
  type Application,
  type CallingApplication,
  checkNames,
  type Connectable,
  needSigningKeys,
  type OtherHalves,
  printable,
  problem,
  readiness,
  serving,
  workerLogger,
} from "@umbel/core";
import { InvalidMessageError, UmbelError } from "@umbel/protocol";
import { type Context, Hono } from "hono";
import { appear } from "./appear.ts";
import { backgroundOf, type BackgroundOptions, checkBackground } from "./background.ts";
import { begin } from "./begin.ts";
import { checkContent } from "./content.ts";
import { deliver, type Serving } from "./deliver.ts";
import { openEndpoint, type WatchedOptions } from "./endpoint.ts";
import { useEnvironmentOf } from "./environment.ts";
import { giveUp } from "./give-up.ts";
import { reachedBy } from "./reach.ts";
import { isRefusal, orRefusal, readPush, type Refusal } from "./read-push.ts";
import { receive, refuseMessage, untaken } from "./receive.ts";
import { createRefusalLog } from "./refusal-log.ts";
import { isSightingDue } from "./sighting.ts";

/** Options of {@link worker}. Ports that are connected for callers only need their other halves; `umbel/worker` gives ours. */
export interface WorkerOptions extends Partial<OtherHalves>, BackgroundOptions, WatchedOptions {
  /** This worker's address as the broker calls it; `UMBEL_PUBLIC_URL`, else each request's own URL. */
  readonly publicUrl?: string;
  /** Name of this worker in logs, requests and extended results; defaults to `worker@<app>`. */
  readonly hostname?: string;
}

/** An application that can be told its environment, as a worker on an edge runtime must. */
export interface WorkerApplication extends CallingApplication, Connectable {
  useEnvironment(environment: unknown): void;
  /** Tells once that it is about to be served. */
  finalize(): Promise<void>;
}

const optionNames = Object.keys({
  publicUrl: true,
  hostname: true,
  brokers: true,
  backends: true,
  taskEvents: true,
  heartbeatInterval: true,
  announce: true,
  queues: true,
  waitUntil: true,
  waitUntilLimit: true,
} satisfies Record<keyof WorkerOptions, true>);

/**
 * Makes the Hono app that serves an application's queues: `POST /q/:queue` for pushes, `POST /failed` for messages that
 * the broker has given up, `GET /` for people and health checks, which answers 503 while a setting is missing,
 * and 401 to one that is signed as a push and would be refused as one. Serve it as it is, or `route()` it into yours.
 * Throws `ImproperlyConfigured` for an option that there is not, or that makes no sense.
 */
export function worker(caller: WorkerApplication, options: WorkerOptions = {}): Hono {
  checkNames(options, optionNames, "option of worker()");
  const app = serving(caller, options);
  const hono = new Hono();
  const { hostname = `worker@${app.name}` } = options;
  const refusals = createRefusalLog(app);
  const door = () => ({ publicUrl: addressOf(caller, options), refusals });
  const serves = servingBy(app, caller, { ...options, hostname });
  checkBackground(caller, options);
  hono.use(useEnvironmentOf(caller));
  hono.use(async (_context, next) => {
    await begin(caller, { hostname, ...options });
    await next();
  });
  hono.onError((error) => answerError(app, error));
  const unready = readiness(caller, async ({ broker }) => await needSigningKeys(broker, options.brokers));
  hono.get("/", async (context) => {
    const refusal = (await unready()) ?? (await untaken(app, context, door().publicUrl));
    if (refusal !== undefined) return refusal;
    if (options.announce === true) await appear(app, serves(context, { isPush: false }).endpoint);
    return context.json(about(app, { ...options, hostname }));
  });
  hono.post("/q/:queue", async (context) => {
    const received = await receive(app, context, door());
    if ("refused" in received) return received.refused;
    const { body } = received;
    return await take(
      app,
      { body, headers: context.req.raw.headers, queue: context.req.param("queue") },
      serves(context),
    );
  });
  hono.post("/failed", async (context) => {
    const received = await receive(app, context, door());
    if ("refused" in received) return received.refused;
    return await giveUp(app, serves(context), received.body);
  });
  return hono;
}

/** What requests are served with. */
function servingBy(
  app: Application,
  { environment }: WorkerApplication,
  options: WorkerOptions & { readonly hostname: string },
): (context: Context, by?: { readonly isPush: boolean }) => Serving {
  const { hostname, publicUrl } = options;
  const endpoint = openEndpoint(hostname, options);
  return (context, { isPush } = { isPush: true }) => {
    const address = publicUrl ?? environment("UMBEL_PUBLIC_URL");
    // Anybody may ask whether it serves, by any name.
    const isBelieved = isPush || endpoint.reached.url === undefined;
    if (isBelieved && isSightingDue(app, endpoint)) endpoint.reached = reachedBy(context.req.raw, environment, address);
    return { hostname, endpoint, background: backgroundOf(context, options) };
  };
}

/** What a worker says of itself. */
interface About {
  readonly app: string;
  readonly worker: string;
  readonly tasks: readonly string[];
  /** Said only where it was told which queues are its own. */
  readonly queues?: readonly string[];
  /** Said only where it is so: a task that is delivered twice runs twice then, and nobody can ask for its result. */
  readonly backend?: "none";
}

function about(app: Application, { hostname, queues }: WorkerOptions & { readonly hostname: string }): About {
  return {
    app: app.name,
    worker: hostname,
    tasks: [...app.tasks.keys()],
    ...(queues && { queues }),
    ...(!app.hasBackend && { backend: "none" }),
  };
}

/** A push that was signed for us. */
interface SignedPush {
  readonly body: string;
  readonly headers: Headers;
  readonly queue: string;
}

/** Handles what it brings; refuses what is no message. */
async function take(app: Application, { body, headers, queue }: SignedPush, by: Serving): Promise<Response> {
  const message = await orRefusal(async () => {
    checkContent(headers, app.conf.acceptContent);
    return await readPush(body);
  });
  if (isRefusal(message)) return await refuse(app, by.hostname, { body, exc: message });
  const retried = Number(headers.get("upstash-retried") ?? 0);
  return await deliver(app, { ...message, ...by, queue, retried, redelivered: retried > 0 });
}

/** Tells of a body that is no message, and refuses it. */
async function refuse(
  app: Application,
  hostname: string,
  { body, exc }: { readonly body: string; readonly exc: Refusal },
): Promise<Response> {
  app.logger({ logger: workerLogger }).error(`A message was refused: ${printable(String(exc))}`);
  if (exc instanceof InvalidMessageError) await app.signals.taskRejected.send(hostname, { message: body, exc });
  return refuseMessage(exc);
}

/** The answer to a push that was good and could not be handled: the broker is to come back. */
function answerError(app: Application, error: Error): Response {
  const code = error instanceof UmbelError ? error.code : "UNAVAILABLE";
  app.logger({ logger: workerLogger }).critical(`A request could not be handled: ${error.stack ?? error.message}`);
  return problem({ status: 503, code, detail: "The worker could not handle this request; its log says why" });
}

function addressOf(caller: WorkerApplication, options: WorkerOptions): string | undefined {
  return options.publicUrl ?? caller.environment("UMBEL_PUBLIC_URL");
}
