/**
 * Reads what operators see of tasks.
 *
 * KEYS records. Answers six words for each: the key, attempt, lease, state, mark and about, empty where it is absent.
 *
 * @module
 */

import { luaAside } from "./aside.ts";
import type { Step, Twin } from "./step.ts";
import { luaView, viewOf } from "./view.ts";

const lua = `${luaAside}${luaView}
local rows = {}
for _, key in ipairs(KEYS) do view(rows, key) end
return rows
`;

/** The step. */
export const showRecords: Step = { name: "showRecords", lua };

/** The twin of {@link showRecords}. */
export const showRecordsTwin: Twin = (call, keys) => keys.flatMap((key) => viewOf(call, key));
