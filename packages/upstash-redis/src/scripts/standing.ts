/**
 * What operators want, as far as a claim has to know it.
 *
 * @module
 */

import { aside } from "./aside.ts";
import type { Claiming, Told } from "./claiming.ts";
import { textsIn } from "./reply.ts";

/**
 * Lua: the `revision` of the directives, nil in a cluster and where they cannot be read, and whether they, or the claimant, have `refused` what is claimed. `news(answer)` adds
 * them to an answer, unless they are the ones that the claimant knows. With `aside`.
 */
export const luaStanding: string = `
local revision, refused
if KEYS[9] then
  local said = aside('HMGET', KEYS[9], 'revision', 'queue:' .. ARGV[22], 'worker:' .. ARGV[15])
  if said then revision, refused = said[1] or '', said[2] or said[3] end
end
refused = refused or declined == '1'

local function news(answer)
  if not revision or revision == ARGV[25] then return end
  answer[4], answer[5] = revision, redis.call('HGET', KEYS[9], 'text') or '{}'
end
`;

/** The revision of what they want, and whether they want nothing like this begun. */
export interface Standing extends Pick<Claiming, "refused"> {
  /** Empty for none; undefined where nobody can want anything. */
  readonly revision: string | undefined;
}

/** The twin of {@link luaStanding}. */
export function standingIn({ call, keys, notes, delivery: { declined } }: Told): Standing {
  const [, , , , , , , , directives] = keys;
  if (directives === undefined || !notes) return { revision: undefined, refused: declined };
  const fields = ["revision", `queue:${notes.queue}`, `worker:${notes.worker}`];
  const said = aside(call)("HMGET", directives, ...fields);
  if (said === null) return { revision: undefined, refused: declined };
  const [revision = "", queue, worker] = textsIn(said);
  return { revision, refused: declined || queue !== "" || worker !== "" };
}

/** The twin of `news` in {@link luaStanding}: what is added. */
export function directivesFor({ call, keys, notes }: Told, revision: string | undefined): readonly string[] {
  if (revision === undefined || revision === notes?.revision) return [];
  return [revision, String(call("HGET", keys[8] ?? "", "text") ?? "{}")];
}
