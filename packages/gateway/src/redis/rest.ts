/**
 * Redis over HTTP, in Upstash's protocol, so that the official client works unchanged.
 *
 * Before a real Redis when there is an address, before the embedded engine otherwise.
 *
 * @module
 */

import { ImproperlyConfigured, type StoreScript } from "@umbel/protocol";
import { type Context, Hono, type MiddlewareHandler } from "hono";

import { createTokenCheck, tokenIn } from "../http/bearer.ts";
import { BodyTooLarge, readBody } from "../http/read-body.ts";
import type { Database } from "../store/database.ts";
import { answer, answerAll, failure, formatOf } from "./answer.ts";
import { embeddedEngine } from "./embedded/engine.ts";
import { type Command, CommandError, EngineUnavailable, type RedisEngine, type Reply } from "./engine.ts";
import { eventStream } from "./event-stream.ts";
import { redisServer } from "./redis-server.ts";
import { refusalOf } from "./refusal.ts";
import { commandInBody, commandInPath, commandsInBody, targetOf, topicName } from "./request.ts";

/** Options of {@link createRedisRest}. */
export interface RedisRestOptions {
  /** What callers show as a bearer token, or as `_token` in the address. */
  readonly token: string;
  /** Where the embedded engine keeps its data; the caller closes it. */
  readonly database?: Database;
  /** A real Redis instead. */
  readonly redisUrl?: string;
  /** What EVAL can run on the embedded engine. */
  readonly scripts: readonly StoreScript[];
  /** Milliseconds since 1970; the embedded engine's clock. */
  readonly now?: () => number;
  readonly log?: (line: string) => void;
  /** Most bytes in the body of a request. Default 10 MiB. */
  readonly maxBody?: number;
  /** Seconds between two comments in a silent stream of events. Default 15. */
  readonly pingInterval?: number;
}

/** A running endpoint. */
export interface RedisRest {
  readonly app: Hono;
  /** Ends every subscription, and the connection to Redis; the database stays open. */
  close(): Promise<void>;
}

/** Creates the endpoint. Throws `ImproperlyConfigured` when it is told neither of a database nor of a Redis. */
export function createRedisRest(options: RedisRestOptions): RedisRest {
  const { token, maxBody = 10 * 1024 * 1024, pingInterval = 15, log = console.error } = options;
  const engine = engineOf(options);
  const app = new Hono();

  app.onError((error) => failed(error, log));
  app.use(tellingSyncToken());
  app.use(demanding(token));

  app.post("/", async (context) => one(engine, context, commandInBody(String(await bodyOf(context, maxBody)))));
  app.post("/pipeline", async (context) => {
    const commands = commandsInBody(String(await bodyOf(context, maxBody)));
    const format = formatOf(context.req.raw.headers);
    return answerAll(await pipeline(engine, commands), format);
  });
  app.post("/multi-exec", async (context) => {
    const commands = commandsInBody(String(await bodyOf(context, maxBody)));
    const format = formatOf(context.req.raw.headers);
    // Upstash answers a transaction in JSON whatever is asked for.
    return answerAll(await transaction(engine, commands), format === "resp2" ? "json" : format);
  });
  app.on(["GET", "POST"], "/subscribe/*", (context) =>
    eventStream({ engine, topic: { kind: "channel", name: topicName(targetOf(context.req.url)) }, pingInterval }),
  );
  app.on(["GET", "POST"], "/psubscribe/*", (context) =>
    eventStream({ engine, topic: { kind: "pattern", name: topicName(targetOf(context.req.url)) }, pingInterval }),
  );
  app.on(["GET", "POST", "PUT"], "/*", async (context) =>
    one(engine, context, commandInPath(targetOf(context.req.url), await bodyOf(context, maxBody))),
  );
  app.all("*", () => failure("ERR method not allowed: HEAD, GET, POST or PUT was expected", 405));

  return { app, close: () => engine.close() };
}

function engineOf({ redisUrl, database, scripts, now, log }: RedisRestOptions): RedisEngine {
  if (redisUrl !== undefined) return redisServer({ url: redisUrl, ...(log && { log }) });
  if (database) return embeddedEngine({ database, scripts, ...(now && { now }) });
  throw new ImproperlyConfigured("Redis over REST needs a database to keep its data in, or the address of a Redis");
}

/** The client sends back the last one it saw, to read what it wrote from replicas; there are none, but it has to change. */
function tellingSyncToken(): MiddlewareHandler {
  const started = Date.now().toString(36);
  let count = 0;
  return async (context, next) => {
    await next();
    count += 1;
    context.header("upstash-sync-token", `${started}-${count}`);
  };
}

function demanding(token: string): MiddlewareHandler {
  const isToken = createTokenCheck(token);
  return async (context, next) => {
    const given = tokenIn(context.req.raw, "_token");
    return given !== undefined && isToken(given) ? next() : failure("WRONGPASS invalid or missing auth token", 401);
  };
}

async function bodyOf(context: Context, limit: number): Promise<Buffer> {
  try {
    return Buffer.from(await readBody(context.req.raw, limit));
  } catch (error) {
    if (error instanceof BodyTooLarge) {
      throw new CommandError(`ERR max request size exceeded. Limit: ${limit} bytes`, { cause: error });
    }
    throw error;
  }
}

async function one(engine: RedisEngine, context: Context, command: Command): Promise<Response> {
  const format = formatOf(context.req.raw.headers);
  const refusal = refusalOf(command);
  if (refusal) return answer(refusal, format);
  const [reply = null] = await engine.run([command], { atomic: false });
  return answer(reply, format);
}

async function pipeline(engine: RedisEngine, commands: readonly Command[]): Promise<readonly Reply[]> {
  const refusals = commands.map(refusalOf);
  const wanted = commands.filter((_, at) => !refusals[at]);
  const replies = (await engine.run(wanted, { atomic: false })).values();
  return refusals.map((refusal) => refusal ?? replies.next().value ?? null);
}

async function transaction(engine: RedisEngine, commands: readonly Command[]): Promise<readonly Reply[]> {
  for (const command of commands) {
    const refusal = refusalOf(command);
    if (refusal) throw refusal;
  }
  return engine.run(commands, { atomic: true });
}

function failed(error: Error, log: (line: string) => void): Response {
  if (error instanceof CommandError) return failure(error.message, 400);
  log(`Redis over REST: ${error.message}`);
  if (error instanceof EngineUnavailable) return failure(`ERR ${error.message}`, 503);
  return failure("ERR internal error", 500);
}
