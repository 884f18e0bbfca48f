/**
 * Cancels many messages, a portion a work: others write in between, and what undoes a work stays small.
 *
 * @module
 */

import type { ApiOptions } from "./api-options.ts";
import type { Condition } from "./filter.ts";

/** Of many messages, how many are cancelled in one work. */
const portion = 5000;

/** Cancels all that fitted when it was called, and returns how many they were. What was cancelled may have held up a queue. */
export async function cancelFitting(
  { database, messages, wake }: Pick<ApiOptions, "database" | "messages" | "wake">,
  condition: Condition,
): Promise<number> {
  const numbers = await database.write(() => messages.fitting(condition));
  let cancelled = 0;
  for (let at = 0; at < numbers.length; at += portion) {
    const part = database.write(() => messages.cancelAll(condition, numbers.slice(at, at + portion)));
    wake();
    cancelled += await part;
  }
  return cancelled;
}
