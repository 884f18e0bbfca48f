/**
 * Looks at the calls that are sent later: steps of a chain, a chord's body, what is linked. What is known of them now is
 * checked now, as it is of the calls that are sent at once: nobody is there to be told when they are sent.
 *
 * @module
 */

import { type Call, callsIn } from "@umbel/canvas";
import type { Signature, TaskEmbed } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { checkLaterDestination } from "./destination.ts";
import { checkItems } from "./mapped-items.ts";
import { countedAs } from "./counted-as.ts";
import { checkLaterCall } from "./publication.ts";

/**
 * Throws `TypeError` for a later call of a task known here that cannot be called with what it will get, and what
 * `checkCall` throws for one that could not be sent as it is meant.
 */
export function checkLaterSteps(app: CallingApplication, calls: readonly Call[]): void {
  const later = new Set(calls.flatMap(({ embed }) => laterIn(embed)));
  for (const each of callsIn([...later])) {
    checkArity(app, each);
    checkItems(app, each);
    checkLaterCall(app, each);
    // A route may depend on arguments that are not known yet: it is asked only where the queue has to be known.
    if (!app.conf.taskCreateMissingQueues) checkLaterDestination(app, each);
  }
}

/** What follows a call. The members of a chord's header have one body. */
function laterIn({ callbacks, errbacks, chain, chord }: TaskEmbed): readonly Signature[] {
  return [...(callbacks ?? []), ...(errbacks ?? []), ...(chain ?? []), ...(chord ? [chord] : [])];
}

/** Each of them gets one value before its own arguments, unless it is immutable. */
function checkArity({ tasks }: CallingApplication, { task, args, kwargs, immutable }: Signature): void {
  const where = immutable ? "it follows another call" : "it follows another call, whose result comes first";
  countedAs(where, () => tasks.get(task)?.checkStep?.(immutable ? args : [undefined, ...args], kwargs));
}
