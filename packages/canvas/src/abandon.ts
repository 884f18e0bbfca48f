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
import { join, partOf } from "./join.ts";
import { nodeOf } from "./node.ts";

/** Where the abandoned node belongs, and when. */
export interface AbandonOptions extends Omit<Following, "childId"> {
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
        ...tell(signature, cause, options),
      ];
    case "chain":
      return [...abandonAll(node.steps, cause, options), ...abandonRest(signature, cause, options)];
    case "group":
      return abandonAll(node.members, cause, options);
    case "chord":
      return abandonAll([...node.header, node.body], cause, options);
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

function tell(signature: Signature, cause: Cause, { root }: AbandonOptions): readonly JoinEffect[] {
  const { group_id: group, group_index: index, chord } = signature.options;
  return join({ id: taskIdOf(signature), root, group, index, chord }, partOf(cause));
}

function settle(
  signature: Signature,
  cause: Cause,
  { now, storeErrorsEvenIfIgnored = false }: AbandonOptions,
): SettleEffect {
  const id = taskIdOf(signature);
  const { ignore_result: ignored, group_id: group } = signature.options;
  const { state } = cause;
  if (ignored === true && !storeErrorsEvenIfIgnored) return { kind: "settle", id, state };
  const result = {
    status: state,
    result: cause.failure,
    traceback: cause.traceback,
    children: [],
    date_done: writeDate(now),
    task_id: id,
    ...(typeof group === "string" ? { group_id: group } : {}),
  };
  return { kind: "settle", id, state, result };
}
