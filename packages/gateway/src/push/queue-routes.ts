/**
 * Queues: create, change, read, pause, delete.
 *
 * @module
 */

import { Hono } from "hono";

import type { ApiOptions } from "./api-options.ts";
import { cancelFitting } from "./cancelling.ts";
import { inQueue } from "./filter.ts";
import type { QueueChange } from "./queue-store.ts";
import { readJson } from "./request-body.ts";
import { RequestError } from "./request-error.ts";
import { checkName, isRecord } from "./submission.ts";

/** The routes of queues. */
export function queueRoutes(options: ApiOptions): Hono {
  const { database, queues, maxBody, now, wake } = options;
  const app = new Hono();

  app.get("/v2/queues", (context) => context.json(queues.list()));

  app.post("/v2/queues", async (context) => {
    const queue = readQueue(await readJson(context.req.raw, maxBody));
    await change(() => queues.upsert(queue, now()));
    return context.json({});
  });

  app.get("/v2/queues/:name", (context) => {
    const queue = queues.find(context.req.param("name"));
    if (queue === undefined) throw noQueue(context.req.param("name"));
    return context.json(queue);
  });

  app.delete("/v2/queues/:name", async (context) => {
    const name = context.req.param("name");
    if (!(await deleteQueue(options, name))) throw noQueue(name);
    return context.json({});
  });

  for (const [verb, paused] of [
    ["pause", true],
    ["resume", false],
  ] as const) {
    app.post(`/v2/queues/:name/${verb}`, async (context) => {
      const name = context.req.param("name");
      if (!(await change(() => queues.pause(name, paused, now())))) throw noQueue(name);
      return context.json({});
    });
  }

  function change<T>(work: () => T): Promise<T> {
    const changed = database.write(work);
    wake();
    return changed;
  }

  return app;
}

/** Cancels what is in a queue, and deletes it last, with what has come meanwhile. Whether there was one. */
export async function deleteQueue(
  { database, messages, queues, wake }: Pick<ApiOptions, "database" | "messages" | "queues" | "wake">,
  name: string,
): Promise<boolean> {
  if (queues.find(name) === undefined) return false;
  await cancelFitting({ database, messages, wake }, inQueue(name));
  const removed = database.write(() => queues.remove(name));
  wake();
  return await removed;
}

function readQueue(value: unknown): QueueChange {
  if (!isRecord(value)) throw new RequestError(400, "A queue is { queueName, parallelism?, paused? }");
  const { queueName, parallelism = 1, paused } = value;
  if (typeof queueName !== "string") throw new RequestError(400, "queueName: a text");
  if (typeof parallelism !== "number" || !Number.isSafeInteger(parallelism) || parallelism < 1) {
    throw new RequestError(400, "parallelism: a whole number from 1");
  }
  if (paused !== undefined && typeof paused !== "boolean") throw new RequestError(400, "paused: true or false");
  return { name: checkName(queueName, "queue"), parallelism, ...(paused !== undefined && { paused }) };
}

function noQueue(name: string): RequestError {
  return new RequestError(
    404,
    `There is no queue "${name}"; POST /v2/queues creates one, and so does the first message in it`,
  );
}
