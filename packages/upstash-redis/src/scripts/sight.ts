/**
 * Keeps that a worker serves, and tells it.
 *
 * @module
 */

import { aside } from "./aside.ts";
import { dropEnded, luaDropEnded } from "./drop-ended.ts";
import { luaTell, tell, type Telling } from "./tell.ts";

/** Milliseconds for which it is counted what a worker has begun, without any sign of it: a day. */
export const countLife = 86_400_000;

/**
 * Lua: `sight(at, again)`: ARGV has there the worker, what it says of itself, for how long, and two letters: that it has come,
 * and that it is still there. Nothing said: nothing. What is said again is kept, and told to nobody. KEYS[3] is what is held; KEYS[6] the workers, KEYS[7] and KEYS[8] what this one
 * says and has begun. With `now` and `aside`; `tell` comes along.
 */
export const luaSight: string = `${luaTell}${luaDropEnded}
local function sight(at, again)
  local worker, text, life = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  if not text or text == '' then return end
  local seen = true
  if KEYS[6] then
    seen = tonumber(aside('ZSCORE', KEYS[6], worker) or 0) > now
    aside('ZADD', KEYS[6], now + life, worker)
    redis.call('SET', KEYS[7], text, 'PX', life)
    redis.call('PEXPIRE', KEYS[8], ${countLife})
    dropEnded(KEYS[3])
    dropEnded(KEYS[6])
  end
  at = at + (seen and 5 or 3)
  if not again then tell(at, at + 1) end
end
`;

/** Where it is kept. */
export interface Sighting extends Telling {
  /** All keys of the script. */
  readonly keys: readonly string[];
  readonly now: number;
  /** Whether it was told before. */
  readonly again: boolean;
}

/** The twin of {@link luaSight}; `args` begin with the worker. What it has begun counts on when it was silent for a while. */
export function sight(sighting: Sighting, [worker = "", text = "", life = "", ...letters]: readonly string[]): void {
  if (text === "") return;
  const seen = isSeen(sighting, worker);
  keep(sighting, { worker, text, life });
  if (!sighting.again) tell(sighting, seen ? letters.slice(2, 4) : letters.slice(0, 2));
}

/** In a cluster nobody knows: there a worker is always one that is still there. */
function isSeen({ call, keys: [, , , , , workers], now }: Sighting, worker: string): boolean {
  return workers === undefined || Number(aside(call)("ZSCORE", workers, worker) ?? 0) > now;
}

interface Seen {
  readonly worker: string;
  readonly text: string;
  readonly life: string;
}

function keep({ call, keys, now }: Sighting, { worker, text, life }: Seen): void {
  const [, , active = "", , , workers, said = "", totals = ""] = keys;
  if (workers === undefined) return;
  aside(call)("ZADD", workers, now + Number(life), worker);
  call("SET", said, text, "PX", life);
  call("PEXPIRE", totals, countLife);
  dropEnded(call, active, now);
  dropEnded(call, workers, now);
}
