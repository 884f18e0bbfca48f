/**
 * A time limit on calls of the official client, which itself would wait for ever; every error that leaves is ours.
 *
 * @module
 */

import { failureOf } from "./receipts.ts";

/** Ends a call's wait. Throws our error for one that fails, or takes too long. */
export type Within = <Answer>(call: Promise<Answer>) => Promise<Answer>;

/** Limits calls of the service at `url` to `limit` milliseconds; undefined: none. `late` is what one that takes longer fails with. */
export function withinTime(url: string, limit: number | undefined, late: () => Error): Within {
  return async (call) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<never>((_, reject) => {
      if (limit !== undefined) timer = setTimeout(() => reject(late()), limit);
    });
    try {
      return await Promise.race([call, over]);
    } catch (cause) {
      throw failureOf(cause, url);
    } finally {
      clearTimeout(timer);
    }
  };
}
