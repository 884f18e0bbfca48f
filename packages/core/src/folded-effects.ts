/**
 * Effects as they are stored with an end: short, whatever follows it.
 *
 * @module
 */

import type { Effect, Publication } from "@umbel/protocol";
import type { Application } from "./application.ts";
import { foldArguments, foldFollowers, hasLongArguments } from "./fold.ts";
import { refreshed } from "./unfolded.ts";

/**
 * The same effects, with what is too long for their messages in the store; with `foldsArguments` also what a broker would
 * take. Throws `BackendUnavailable`, and `MessageTooLargeError` for arguments that the store does not take.
 */
export async function foldedEffects(
  app: Application,
  effects: readonly Effect[],
  { foldsArguments }: { readonly foldsArguments: boolean },
): Promise<readonly Effect[]> {
  const sent = effects.flatMap((each) => (each.kind === "send" ? [each.publication] : []));
  const short = await foldFollowers(app, await refreshed(app, sent));
  const folded = (foldsArguments ? await foldArguments(app, short, hasLongArguments) : undefined) ?? short;
  if (folded === sent) return effects;
  const inTurn: Iterator<Publication> = folded.values();
  return effects.map((each) => (each.kind === "send" ? { kind: "send", publication: next(inTurn) } : each));
}

/** There is one for each. */
function next(publications: Iterator<Publication>): Publication {
  const { value, done } = publications.next();
  if (done === true) throw new RangeError("A publication was lost");
  return value;
}
