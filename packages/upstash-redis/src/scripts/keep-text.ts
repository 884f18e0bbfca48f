/**
 * Keeps a text that never changes: a name that has one already keeps it, for as long as anybody asks for (delivery.md 4).
 *
 * KEYS text. ARGV the text, retention. Answers 1.
 *
 * @module
 */

import { keep, luaKeep } from "./keep.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaKeep}
redis.call('SET', KEYS[1], ARGV[1], 'NX')
keep(KEYS[1], ARGV[2])
return 1
`;

/** The step. */
export const keepText: Step = { name: "keepText", lua };

/** The twin of {@link keepText}. */
export const keepTextTwin: Twin = (call, [key = ""], [text = "", retention = ""]) => {
  call("SET", key, text, "NX");
  keep(call, key, retention);
  return 1;
};
