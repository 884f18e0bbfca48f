/**
 * Where a listing goes on, when what is asked for does not fit in one call: tasks are found by their labels, so many of which
 * stand in a URL.
 *
 * @module
 */

import { BrokerRejected, type MessageQuery } from "@umbel/protocol";
import { mostNamed, partsOf } from "./calls.ts";
import { headerText } from "./header-text.ts";

/** What to ask for a page. */
export interface Place {
  /** Any of these; all messages when undefined. */
  readonly labels: readonly string[] | undefined;
  /** QStash's own, of the page before. */
  readonly cursor: string | undefined;
  /** The cursor of the page after, given QStash's own; undefined when this is the last. */
  next(cursor: string | undefined): string | undefined;
}

/** Settles where a page begins; undefined for a query that leaves nothing. Throws `BrokerRejected` for what is no cursor. */
export async function placeOf({ ids, queues, cursor = "0:" }: MessageQuery): Promise<Place | undefined> {
  if (ids?.length === 0 || queues?.length === 0) return undefined;
  const parts = await labelParts(ids);
  const { at, own } = cursorIn(cursor);
  if (!(at in parts)) throw new BrokerRejected(`qstash: ${JSON.stringify(cursor)} is no cursor of this list`);

  return {
    labels: parts[at],
    cursor: own === "" ? undefined : own,
    next(following) {
      if (following !== undefined) return `${at}:${following}`;
      return at + 1 in parts ? `${at + 1}:` : undefined;
    },
  };
}

/** A cursor of ours is the number of the part and QStash's own cursor in it. */
function cursorIn(text: string): { readonly at: number; readonly own: string } {
  const [, at = "-1", own = ""] = /^(\d+):(.*)$/s.exec(text) ?? [];
  return { at: Number(at), own };
}

/** The labels of tasks, as many as go into one call; one part without any when no tasks are named. */
async function labelParts(ids: readonly string[] | undefined): Promise<readonly (readonly string[] | undefined)[]> {
  return ids === undefined ? [undefined] : partsOf(await Promise.all(ids.map(headerText)), mostNamed);
}

/** A page with the cursor of the one after it, if any. */
export function pageOf<Message>(
  messages: readonly Message[],
  cursor: string | undefined,
): { readonly messages: readonly Message[]; readonly cursor?: string } {
  return cursor === undefined ? { messages } : { messages, cursor };
}
