/**
 * Flow-control keys: read, pause, pin, begin a new window (qstash.md section 7).
 *
 * @module
 */

import { type Context, Hono } from "hono";

import type { ApiOptions } from "./api-options.ts";
import { readLimit, readPeriod } from "./flow-limit.ts";
import type { Pin } from "./flow-store.ts";
import { RequestError } from "./request-error.ts";

/** A key may have slashes in it. */
const path = "/v2/flowControl/:key{.+}";

/** The routes of flow-control keys. */
export function flowRoutes({ database, flows, open, concurrency, now, wake }: ApiOptions): Hono {
  const app = new Hono();

  app.get("/v2/globalParallelism", (context) =>
    context.json({ parallelismMax: concurrency, parallelismCount: open.count() }),
  );

  app.get("/v2/flowControl", (context) => context.json(flows.list(context.req.query("search") ?? "", now())));

  app.get(path, (context) => {
    const flow = flows.find(context.req.param("key"), now());
    if (flow === undefined) throw noFlow(context.req.param("key"));
    return context.json(flow);
  });

  for (const [verb, change] of Object.entries({
    pause: (key) => flows.pause(key, true, now()),
    resume: (key) => flows.pause(key, false, now()),
    resetRate: (key) => flows.resetRate(key, now()),
    reset: (key) => flows.resetRate(key, now()),
    pin: (key, query) => flows.pin(key, readPin(query), now()),
    unpin: (key, query) => flows.unpin(key, readUnpin(query), now()),
  } satisfies Record<string, Change>)) {
    app.post(`${path}/${verb}`, (context) => changed(context, change));
  }

  async function changed(context: Context, change: Change): Promise<Response> {
    const { searchParams } = new URL(context.req.url);
    const written = database.write(() => change(context.req.param("key") ?? "", searchParams));
    wake();
    await written;
    return context.json({});
  }

  return app;
}

/** Changes what is known of a key. Throws `RequestError`. */
type Change = (key: string, query: URLSearchParams) => void;

function readPin(query: URLSearchParams): Pin {
  const [parallelism, rate, period] = ["parallelism", "rate", "period"].map((name) => query.get(name) ?? undefined);
  if (parallelism === undefined && rate === undefined) {
    throw new RequestError(
      400,
      "Pin at least one of parallelism=N and rate=N, the latter with period=SECONDS if need be",
    );
  }
  if (period !== undefined && rate === undefined) throw new RequestError(400, "period only makes sense with a rate");
  return {
    ...(parallelism !== undefined && { parallelism: readLimit("parallelism", parallelism, "pin") }),
    ...(rate !== undefined && { rate: readLimit("rate", rate, "pin") }),
    ...(period !== undefined && { period: readPeriod(period, "pin") }),
  };
}

function readUnpin(query: URLSearchParams): { parallelism: boolean; rate: boolean } {
  const limits = { parallelism: query.get("parallelism") === "true", rate: query.get("rate") === "true" };
  if (limits.parallelism || limits.rate) return limits;
  throw new RequestError(400, "Unpin at least one of parallelism=true and rate=true");
}

function noFlow(key: string): RequestError {
  return new RequestError(
    404,
    `There is nothing of the flow-control key "${key}": it has no message and no pin, and is not paused`,
  );
}
