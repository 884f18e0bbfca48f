/**
 * Deletes in bulk what has expired and nobody asked for.
 *
 * @module
 */

import type { Keyspace } from "./keyspace.ts";

/** Milliseconds between two looks. */
const interval = 60_000;

/** So many keys at most go at once, so that nobody waits long behind it. */
const portion = 1000;

/** Creates a function that is called at each request, and seldom does anything: an idle engine costs nothing. */
export function sweeper(keyspace: Keyspace): () => void {
  const remove = keyspace.prepare(
    "DELETE FROM redis_key WHERE id IN (SELECT id FROM redis_key WHERE expires <= ? LIMIT ?)",
  );
  let next = 0;

  return () => {
    const now = keyspace.now();
    if (now < next) return;
    const { changes } = remove.run(now, portion);
    // A full sweep leaves some behind: the next request goes on.
    if (Number(changes) < portion) next = now + interval;
  };
}
