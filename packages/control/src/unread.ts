/**
 * What cannot be read: it is left out, counted and told of, and nobody else suffers.
 *
 * @module
 */

import { InvalidMessageError, UnsupportedVersionError } from "@umbel/protocol";
import type { Desk } from "./desk.ts";

/** What could be read, and how much could not. */
export interface Read<Item> {
  readonly items: readonly Item[];
  readonly unread: number;
}

/** Reads each that can be read. */
export async function readEach<Raw, Item>(
  raw: readonly Raw[],
  read: (each: Raw) => Item | Promise<Item>,
): Promise<Read<Item>> {
  const found = await Promise.all(raw.map(async (each) => await readable(async () => await read(each))));
  const items = found.flatMap((each) => each ?? []);
  return { items, unread: raw.length - items.length };
}

async function readable<Item>(read: () => Promise<Item>): Promise<readonly [Item] | undefined> {
  try {
    return [await read()];
  } catch (error) {
    if (error instanceof InvalidMessageError || error instanceof UnsupportedVersionError) return undefined;
    throw error;
  }
}

/** Tells that an answer lacks something; `what` is what there were too many of. */
export function tellUnread({ app }: Desk, unread: number, what: string): void {
  if (unread === 0) return;
  app.logger({ logger: "umbel.control" }).warning(`${unread} of ${what} could not be read, and are left out`);
}
