/**
 * Messages that are not delivered yet: read, cancel.
 *
 * @module
 */

import { Hono } from "hono";

import type { ApiOptions } from "./api-options.ts";
import { type Condition, messageFilter } from "./filter.ts";
import { messageView } from "./message-view.ts";
import { RequestError } from "./request-error.ts";

/** Of many messages, how many are cancelled in one work: others write in between. */
const portion = 5000;

/** The routes of waiting messages. */
export function messageRoutes({ database, messages, wake }: ApiOptions): Hono {
  const app = new Hono();

  app.get("/v2/messages/:id", (context) => {
    const message = messages.pending(context.req.param("id"));
    if (message === undefined) throw notPending(context.req.param("id"));
    return context.json(messageView(message));
  });

  app.delete("/v2/messages/:id", async (context) => {
    const id = context.req.param("id");
    const cancelled = await cancel({ sql: "message.id = ?", values: [id] });
    if (cancelled === 0) throw notPending(id);
    return context.json({ cancelled });
  });

  app.delete("/v2/messages", async (context) => {
    const { searchParams } = new URL(context.req.url);
    return context.json({ cancelled: await cancel(messageFilter(searchParams)) });
  });

  /** All that fit, whatever `count` says, as QStash does today. What was cancelled may have held up a queue. */
  async function cancel(condition: Condition): Promise<number> {
    const numbers = await database.write(() => messages.fitting(condition));
    let cancelled = 0;
    for (let at = 0; at < numbers.length; at += portion) {
      const part = database.write(() => messages.cancelAll(condition, numbers.slice(at, at + portion)));
      wake();
      cancelled += await part;
    }
    return cancelled;
  }

  return app;
}

function notPending(id: string): RequestError {
  return new RequestError(
    404,
    `No message ${id} is waiting: it was delivered, it failed (see the dead letters), it was cancelled, or it never was`,
  );
}
