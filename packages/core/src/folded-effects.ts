/**
 * Effects as they are stored with an end: short, whatever follows it.
 *
 * @module
 */

import type { Effect } from "@umbel/protocol";
import type { Application } from "./application.ts";
import { foldArguments, foldFollowers, hasLongArguments } from "./fold.ts";
import { keptSends } from "./kept-sends.ts";
import { refreshed } from "./unfolded.ts";

/**
 * The same effects, with what is too long for their messages in the store; with `foldsArguments` also what a broker would
 * take; and with one message in the place of too many. Throws `BackendUnavailable`, and `MessageTooLargeError` for what the
 * store does not take.
 */
export async function foldedEffects(
  app: Application,
  effects: readonly Effect[],
  { foldsArguments }: { readonly foldsArguments: boolean },
): Promise<readonly Effect[]> {
  const sent = effects.flatMap((each) => (each.kind === "send" ? [each.publication] : []));
  const short = await foldFollowers(app, await refreshed(app, sent));
  const folded = (foldsArguments ? await foldArguments(app, short, hasLongArguments) : undefined) ?? short;
  const few = await keptSends(app, folded);
  if (few === sent) return effects;
  return [
    ...effects.filter((each) => each.kind !== "send"),
    ...few.map((publication) => ({ kind: "send", publication }) as const),
  ];
}
