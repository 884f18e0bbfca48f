/**
 * Reads what operators want of all workers.
 *
 * KEYS directives. Answers the revision and the text; nothing and nothing while nobody has asked for anything.
 *
 * @module
 */

import type { Step, Twin } from "./step.ts";

const lua = `
return redis.call('HMGET', KEYS[1], 'revision', 'text')
`;

/** The step. */
export const showDirectives: Step = { name: "showDirectives", lua };

/** The twin of {@link showDirectives}. */
export const showDirectivesTwin: Twin = (call, [key = ""]) => call("HMGET", key, "revision", "text");
