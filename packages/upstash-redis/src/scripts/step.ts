/**
 * An atomic step in its two languages, apart: an application's bundle takes the Lua, which it sends, and not the twin, which
 * only an embedded engine runs.
 *
 * @module
 */

import type { StoreScript } from "@umbel/protocol";

/** What an application sends to its store. */
export type Step = Omit<StoreScript, "twin">;

/** The same step in TypeScript, beside it. */
export type Twin = StoreScript["twin"];
