/**
 * Counts the arguments of the calls that are sent later: steps of a chain, a chord's body, what is linked. Each of them
 * gets one value before its own arguments, so a step that does not take that many is found before anything is sent.
 *
 * @module
 */

import { type Call, everythingIn } from "@umbel/canvas";
import type { Signature } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";

/** Throws `TypeError` for a later call of a task known here that cannot be called with what it will get. */
export function checkLaterSteps(app: CallingApplication, calls: readonly Call[]): void {
  const later = new Set(calls.flatMap(({ embed }) => laterIn(embed)));
  for (const { task, args, kwargs, immutable, subtask_type: kind } of [...later].flatMap(everythingIn)) {
    if (kind === null && !immutable) checkStep(app, task, { args, kwargs });
  }
}

/** What follows a call. The members of a chord's header have one body. */
function laterIn({ callbacks, errbacks, chain, chord }: Call["embed"]): readonly Signature[] {
  return [...(callbacks ?? []), ...(errbacks ?? []), ...(chain ?? []), ...(chord ? [chord] : [])];
}

function checkStep(app: CallingApplication, name: string, { args, kwargs }: Pick<Signature, "args" | "kwargs">): void {
  try {
    app.tasks.get(name)?.checkStep?.([undefined, ...args], kwargs);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new TypeError(`${error.message} (it follows another call, whose result comes first)`, { cause: error });
  }
}
