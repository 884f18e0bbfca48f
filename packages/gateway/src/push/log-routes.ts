/**
 * Logs of messages (qstash.md sections 2 and 4), as far as this gateway keeps any: the last entry of each message that it
 * still has. What was delivered or cancelled has left none.
 *
 * @module
 */

import { type Context, Hono } from "hono";

import { integerIn, type Row } from "../store/row.ts";
import type { ApiOptions } from "./api-options.ts";
import { logFilter, pageOf } from "./filter.ts";
import { logColumns, logEntryView } from "./log-view.ts";
import type { View } from "./message-view.ts";

/** Most entries that one request reads, and how many when it does not say. */
const [longestPage, usualPage] = [1000, 100];

/** Characters of bodies after which a page ends, whatever `count` says. */
const fullPage = 8_000_000;

/** Entries, and where the next page begins. */
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

  /** Newest first, by the instants at which messages were created: what happens to one moves it to no other page. */
  function select(context: Context): LogPage {
    const { searchParams } = new URL(context.req.url);
    const { sql, values } = logFilter(searchParams);
    const { count, cursor, latestFirst } = pageOf(searchParams, {
      most: longestPage,
      usual: usualPage,
      latestFirst: true,
    });
    const [after, order, start] = latestFirst ? ["<", "DESC", Number.MAX_SAFE_INTEGER] : [">", "ASC", 0];
    // Who names messages is shown their bodies; in other lists they would be a thousand times as long as all the rest.
    const columns = logColumns(searchParams.has("messageIds") || searchParams.has("messageId"));
    const rows = database
      .prepare(
        `WITH wanted AS MATERIALIZED
            (SELECT message.seq AS number FROM message WHERE ${sql} AND message.seq ${after} ? ORDER BY number ${order} LIMIT ?)
          SELECT ${columns} FROM wanted CROSS JOIN message ON message.seq = number
            LEFT JOIN dead_letter ON dead_letter.message = message.seq ORDER BY number ${order}`,
      )
      .iterate(...values, cursor ?? start, count + 1);
    return pageIn(rows, count);
  }
}

/** Takes at most `count` entries. One more in `rows` tells that there are more. */
function pageIn(rows: Iterable<Row>, count: number): LogPage {
  const entries: View[] = [];
  let size = 0;
  let last: number | undefined;
  for (const row of rows) {
    if (entries.length === count || size > fullPage) return { entries, cursor: String(last) };
    const entry = logEntryView(row);
    entries.push(entry);
    size += typeof entry["body"] === "string" ? entry["body"].length : 0;
    last = integerIn(row, "seq");
  }
  return { entries, cursor: undefined };
}
