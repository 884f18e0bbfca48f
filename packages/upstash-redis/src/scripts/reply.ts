/**
 * What a list among Redis's replies holds.
 *
 * @module
 */

import type { RedisReply } from "@umbel/protocol";

/** The elements of a list; none when the reply is no list. */
export function listIn(reply: RedisReply): readonly RedisReply[] {
  return typeof reply === "object" && reply !== null ? reply : [];
}

/** The same as texts, an empty one for what is absent. */
export function textsIn(reply: RedisReply): readonly string[] {
  return listIn(reply).map((element) => (element === null ? "" : String(element)));
}
