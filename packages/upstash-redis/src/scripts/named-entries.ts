/**
 * Reads entries of a schedule by name.
 *
 * KEYS as in schedule-rows.ts. ARGV names. Answers the clock, and rows of those that are there, in this order.
 *
 * @module
 */

import { clock, luaClock } from "./clock.ts";
import { luaRows, rowsOf } from "./schedule-rows.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}${luaRows}
return { now, rowsOf(ARGV) }
`;

/** The step. */
export const namedEntries: Step = { name: "namedEntries", lua };

/** The twin of {@link namedEntries}. */
export const namedEntriesTwin: Twin = (call, keys, names) => [clock(call), rowsOf(call, keys, names)];
