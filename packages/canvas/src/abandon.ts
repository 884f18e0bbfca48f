/**
 * Ends what will never run, so that nobody waits for it for ever (delivery.md 14).
 *
 * Every task in it is settled with the same failure. The chord around it, if there is one, is told once, by the task
 * that would have ended it: a chord inside it needs no telling, for its body is settled with the rest.
 *
 * @module
 */

import { type JoinEffect, type SettleEffect, type Signature, writeDate } from "@umbel/protocol";
import { taskIdOf } from "./call.ts";
import type { Cause } from "./cause.ts";
import type { Following } from "./consequence.ts";
import { join, type Member, partOf } from "./join.ts";
import { nodeOf } from "./node.ts";
import { rememberedSteps } from "./rest.ts";
import { clone } from "./signature.ts";

/** Where the abandoned node belongs, and when. */
export interface AbandonOptions extends Following {
  /** Root of the canvas. */
  readonly root: string;
}

/** Ends a frozen signature that will never be applied, and all that was to follow it. */
export function abandon(
  signature: Signature,
  cause: Cause,
  options: AbandonOptions,
): readonly (SettleEffect | JoinEffect)[] {
  const node = nodeOf(signature);
  switch (node.kind) {
    case "task":
      return [
        settle(signature, cause, options),
        ...abandonRest(signature, cause, options),
        ...abandonAll(rememberedSteps(signature, options.childId), cause, options),
        ...tell(signature, cause, options),
      ];
    case "chain":
      return [...abandonAll(node.steps, cause, options), ...abandonRest(signature, cause, options)];
    case "group":
      return abandonAll(inGroup(node.members, signature.options.task_id), cause, options);
    case "chord":
      return abandonAll([...inGroup(node.header, node.group), node.body], cause, options);
  }
}

/** Ends what remains of a chain: reversed, as it travels. */
export function abandonChain(
  chain: readonly Signature[] | null | undefined,
  cause: Cause,
  options: AbandonOptions,
): readonly (SettleEffect | JoinEffect)[] {
  return abandonAll((chain ?? []).toReversed(), cause, options);
}

/** Tells the chord that waits for a member how it ended; or ends the chord's body as well, if that is what is asked for. */
export function tellChord(
  member: Member,
  cause: Cause,
  options: AbandonOptions,
): readonly (SettleEffect | JoinEffect)[] {
  const { chord } = member;
  const isEnded = options.endsChords === true && chord !== null && chord !== undefined;
  return isEnded ? abandon(chord, cause, options) : join(member, partOf(cause));
}

/** Whoever waits for a group hears of the ends that are said to be of its members. */
function inGroup(members: readonly Signature[], group: string | null | undefined): readonly Signature[] {
  return members.map((each) => clone(each, { options: { group_id: group ?? null } }));
}

function abandonAll(
  signatures: readonly Signature[],
  cause: Cause,
  options: AbandonOptions,
): readonly (SettleEffect | JoinEffect)[] {
  return signatures.flatMap((each) => abandon(each, cause, options));
}

function abandonRest({ options: { chain } }: Signature, cause: Cause, options: AbandonOptions) {
  return abandonChain(chain, cause, options);
}

function tell(signature: Signature, cause: Cause, options: AbandonOptions) {
  const { group_id: group, group_index: index, chord, added_at: added, additions: adds } = signature.options;
  return tellChord({ id: taskIdOf(signature), root: options.root, group, index, chord, added, adds }, cause, options);
}

function settle(signature: Signature, cause: Cause, { now, keepsErrors, root }: AbandonOptions): SettleEffect {
  const id = taskIdOf(signature);
  const { ignore_result: ignored, group_id: group } = signature.options;
  const { state } = cause;
  if (ignored === true && keepsErrors?.(signature.task) !== true) return { kind: "settle", id, state, root };
  const result = {
    status: state,
    result: cause.failure,
    traceback: cause.traceback,
    children: [],
    date_done: writeDate(now),
    task_id: id,
    ...(typeof group === "string" ? { group_id: group } : {}),
  };
  return { kind: "settle", id, state, result, root };
}
