/**
 * Tells what no other step has to tell.
 *
 * KEYS events, told; none in a cluster. ARGV most events that are kept, then channels and texts in turn. Answers 1.
 *
 * @module
 */

import { luaAside } from "./aside.ts";
import type { Step, Twin } from "./step.ts";
import { luaTell, tell } from "./tell.ts";

const lua = `
local events, told, kept = KEYS[1], KEYS[2], ARGV[1]
${luaAside}${luaTell}
tell(2, #ARGV)
return 1
`;

/** The step. */
export const emit: Step = { name: "emit", lua };

/** The twin of {@link emit}. */
export const emitTwin: Twin = (call, [events, told], [kept, ...letters]) => {
  tell({ call, events, told, kept }, letters);
  return 1;
};
