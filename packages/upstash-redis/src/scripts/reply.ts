/**
 * What a list among Redis's replies holds.
 *
 * @module
 */

import type { RedisReply } from "@umbel/protocol";

/** The elements of a list as texts, an empty one for what is absent; none when the reply is no list. */
export function textsIn(reply: RedisReply): readonly string[] {
  if (typeof reply !== "object" || reply === null) return [];
  return reply.map((element) => (element === null ? "" : String(element)));
}
