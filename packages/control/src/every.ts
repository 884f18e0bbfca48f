/**
 * All of a listing, read page by page.
 *
 * @module
 */

import type { Page } from "./control.ts";
import type { Desk } from "./desk.ts";
import { type Read, tellUnread } from "./unread.ts";

/** How many are read at once. */
const pageSize = 1000;

/** What is asked for. */
export interface EveryRequest {
  /** Most of them. */
  readonly limit?: number | undefined;
  /** What they are, for the log. */
  readonly what: string;
}

type Reader<Item> = (request: { readonly cursor?: string; readonly limit: number }) => Promise<Page<Item>>;

/** All items, or the first of them; tells how many could not be read. */
export async function every<Item>(
  desk: Desk,
  { limit, what }: EveryRequest,
  read: Reader<Item>,
): Promise<readonly Item[]> {
  const { items, unread } = await everyRead(read, limit);
  tellUnread(desk, unread, what);
  return items;
}

/** The same, with how many could not be read. */
export async function everyRead<Item>(read: Reader<Item>, limit: number = Infinity): Promise<Read<Item>> {
  const items: Item[] = [];
  let unread = 0;
  for (let at: { readonly cursor?: string } | undefined = {}; at !== undefined && items.length < limit;) {
    const page: Page<Item> = await read({ ...at, limit: Math.min(pageSize, limit - items.length) });
    for (const item of page.items) items.push(item);
    unread += page.unread;
    at = page.cursor === undefined ? undefined : { cursor: page.cursor };
  }
  return { items: items.length > limit ? items.slice(0, limit) : items, unread };
}
