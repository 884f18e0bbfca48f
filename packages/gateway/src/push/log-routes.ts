/**
 * Logs of messages (qstash.md sections 2 and 4), as far as this gateway keeps any: the last entry of each message that it
 * still has. What was delivered or cancelled has left none.
 *
 * @module
 */

import { type Context, Hono } from "hono";

import { integerIn, textIn } from "../store/row.ts";
import type { ApiOptions } from "./api-options.ts";
import { logFilter, pageOf } from "./filter.ts";
import { messageIn } from "./message-row.ts";
import { messageView, type View } from "./message-view.ts";

/** Most entries that one request reads. */
const longestPage = 1000;

/** Entries, newest first, and where the next page begins. */
interface LogPage {
  readonly entries: readonly View[];
  readonly cursor: string | undefined;
}

/** The routes of logs: by the path that the client asks, and by that of the documentation. */
export function logRoutes({ database }: ApiOptions): Hono {
  const app = new Hono();

  app.get("/v2/events", (context) => {
    const { entries, cursor } = select(context);
    return context.json({ events: entries, cursor });
  });

  app.get("/v2/logs", (context) => {
    const { entries, cursor } = select(context);
    return context.json({ logs: entries, cursor });
  });

  return app;

  function select(context: Context): LogPage {
    const { searchParams } = new URL(context.req.url);
    const { sql, values } = logFilter(searchParams);
    const { count, cursor = Number.MAX_SAFE_INTEGER } = pageOf(searchParams, longestPage);
    const rows = database
      .prepare(`SELECT * FROM message WHERE ${sql} AND seq < ? ORDER BY seq DESC LIMIT ?`)
      .all(...values, cursor, count);
    const [last] = rows.slice(-1);
    const next = last !== undefined && rows.length === count ? String(integerIn(last, "seq")) : undefined;
    return { entries: rows.map(entryOf), cursor: next };
  }
}

/** The body is not in it: it is read with the message. */
function entryOf(row: Parameters<typeof messageIn>[0]): View {
  const message = messageIn(row);
  const { body: _, bodyBase64: _bytes, createdAt, notBefore, ...view } = messageView(message);
  return { time: createdAt, state: textIn(row, "state"), nextDeliveryTime: notBefore, ...view };
}
