/**
 * Whether hooks were called as they must be: each at most once for an end, none for an end that is not theirs, and all of
 * them where nothing went wrong.
 *
 * @module
 */

import { type CallFate, nameOf } from "./fate.ts";
import type { Places } from "./places.ts";
import type { HookCall } from "./witness.ts";

/** What was called, and of which calls nothing went wrong. */
export interface HookedOutcome {
  readonly hooks: readonly HookCall[];
  readonly isCalm: (id: string) => boolean;
}

/** Compares what was called with what had to be. */
export function checkHooks(
  calls: readonly CallFate[],
  { hooks, isCalm }: HookedOutcome,
  places: Places,
): readonly string[] {
  const counts = Map.groupBy(hooks, ({ id, label, hook }) => `${id} ${label} ${hook}`);
  const wrong = calls.flatMap((fate) => {
    const { step } = fate.node;
    const id = places.get(fate);
    if (step === null || id === undefined || step.ending.how === "maps") return [];
    return Object.entries(most(fate)).flatMap(([hook, times]) => {
      const key = `${id} ${step.label} ${hook}`;
      const count = counts.get(key)?.length ?? 0;
      counts.delete(key);
      const mayVary = !isCalm(id) || mayBeEarlier(fate);
      return count === times || (mayVary && count < times)
        ? []
        : [`${hook} of ${nameOf(fate)} (${id}) was called ${count} times, and not ${times}`];
    });
  });
  return [...wrong, ...[...counts.keys()].map((key) => `${key} was not to be called`)];
}

/** What expires between its retries may have expired before. */
function mayBeEarlier({ node: { step } }: CallFate): boolean {
  return step?.ending.how === "expires";
}

/** How often each hook is called when nothing goes wrong, and at most. */
function most(fate: CallFate): Readonly<Record<HookCall["hook"], number>> {
  const { end, isOwn, replacement } = fate;
  const isEnd = isOwn && replacement === null;
  const onSuccess = Number(isEnd && end.state === "SUCCESS" && fate.node.step?.ending.how !== "ignores");
  const onFailure = Number(isEnd && end.state === "FAILURE" && !without.has(end.reason.type));
  const retries = Math.max(0, ...fate.attempts.map((each) => each.retries));
  return { onSuccess, onFailure, afterReturn: onSuccess + onFailure, onRetry: retries + Number(isRetriedInVain(fate)) };
}

/** Failures that a task's hooks are not told of. */
const without: ReadonlySet<string> = new Set(["Reject", "NotRegistered"]);

/** Its retry comes too late to begin. */
function isRetriedInVain({ node: { step }, attempts }: CallFate): boolean {
  return step?.ending.how === "expires" && attempts.length > 0;
}
