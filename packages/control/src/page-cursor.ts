/**
 * Cursors as strangers hold them: with what shows that they are of the list which they are given to.
 *
 * Stores and brokers have cursors of their own forms, and take what is none for an error of theirs.
 *
 * @module
 */

import { childId } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";

interface Paged {
  readonly cursor?: string;
}

/** A page, or a request for one, with the cursor that is shown. */
export function withShownCursor<Page extends Paged>(list: string, page: Page): Page {
  return page.cursor === undefined ? page : { ...page, cursor: `${checkOf(list, page.cursor)}.${page.cursor}` };
}

/** The same with the store's or the broker's own. Throws `ImproperlyConfigured` for what was not shown with this list. */
export function withOwnCursor<Request extends Paged>(list: string, request: Request): Request {
  const { cursor } = request;
  if (cursor === undefined) return request;
  const gap = cursor.indexOf(".");
  const own = cursor.slice(gap + 1);
  if (gap > 0 && cursor.slice(0, gap) === checkOf(list, own)) return { ...request, cursor: own };
  throw new ImproperlyConfigured(
    `cursor is ${JSON.stringify(cursor)}: give that of an earlier page of this list, or none for the first`,
  );
}

function checkOf(list: string, cursor: string): string {
  return childId(list, cursor).slice(0, 8);
}
