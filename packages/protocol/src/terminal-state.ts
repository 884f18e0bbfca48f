/**
 * The states that end a task, and their guard.
 *
 * @module
 */

import * as z from "zod/mini";

/** States after which nothing more happens to a task. */
export type TerminalState = "SUCCESS" | "FAILURE" | "REVOKED" | "IGNORED";

/** Accepts the name of a terminal state. */
export const TerminalState: z.ZodMiniType<TerminalState> = z.enum(["SUCCESS", "FAILURE", "REVOKED", "IGNORED"]);
