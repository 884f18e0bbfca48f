/**
 * Logs of messages (qstash.md sections 2 and 4), as far as this gateway keeps any: the last entry of each message that it
 * still has. What was delivered or cancelled has left none.
 *
 * @module
 */

import { type Context, Hono } from "hono";

import { integerIn, optionalIntegerIn, type Row, textIn } from "../store/row.ts";
import type { ApiOptions } from "./api-options.ts";
import { logFilter, pageOf } from "./filter.ts";
import { messageIn } from "./message-row.ts";
import { messageView, type View } from "./message-view.ts";

/** Most entries that one request reads, and how many when it does not say. */
const [longestPage, usualPage] = [1000, 100];

/** What an entry shows; not the body, which is read with the message: a page of them would be a thousand times as long. */
const columns = "seq, id, state, lane, due, retried, created_at, not_before, caller_ip, held_lane, draft, NULL AS body";

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
    const { count, cursor = Number.MAX_SAFE_INTEGER } = pageOf(searchParams, longestPage, usualPage);
    const rows = database
      .prepare(`SELECT ${columns} FROM message WHERE ${sql} AND seq < ? ORDER BY seq DESC LIMIT ?`)
      .all(...values, cursor, count + 1);
    const page = rows.slice(0, count);
    const last = rows.length > count ? page.at(-1) : undefined;
    return { entries: page.map(entryOf), cursor: last === undefined ? undefined : String(integerIn(last, "seq")) };
  }
}

function entryOf(row: Row): View {
  const { createdAt, notBefore: _, ...view } = messageView(messageIn(row));
  const nextDeliveryTime = optionalIntegerIn(row, "due");
  return { time: createdAt, state: textIn(row, "state"), nextDeliveryTime, ...view };
}
