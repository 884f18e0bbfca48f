/**
 * Messages that are not delivered yet: read, cancel.
 *
 * @module
 */

import { Hono } from "hono";

import type { ApiOptions } from "./api-options.ts";
import { cancelFitting } from "./cancelling.ts";
import { messageFilter } from "./filter.ts";
import { messageView } from "./message-view.ts";
import { RequestError } from "./request-error.ts";

/** The routes of waiting messages. */
export function messageRoutes(options: ApiOptions): Hono {
  const { messages } = options;
  const app = new Hono();

  app.get("/v2/messages/:id", (context) => {
    const message = messages.pending(context.req.param("id"));
    if (message === undefined) throw notPending(context.req.param("id"));
    return context.json(messageView(message));
  });

  app.delete("/v2/messages/:id", async (context) => {
    const id = context.req.param("id");
    const cancelled = await cancelFitting(options, { sql: "message.id = ?", values: [id] });
    if (cancelled === 0) throw notPending(id);
    return context.json({ cancelled });
  });

  // All that fit, whatever `count` says, as QStash does today.
  app.delete("/v2/messages", async (context) => {
    const { searchParams } = new URL(context.req.url);
    return context.json({ cancelled: await cancelFitting(options, messageFilter(searchParams)) });
  });

  return app;
}

function notPending(id: string): RequestError {
  return new RequestError(
    404,
    `No message ${id} is waiting: it was delivered, it failed (see the dead letters), it was cancelled, or it never was`,
  );
}
