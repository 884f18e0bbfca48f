/**
 * The members of a set with their values, in the order in which they end.
 *
 * @module
 */

import type { UmbelError } from "@umbel/protocol";
import { endsOf, leavesOf } from "./ends.ts";
import type { GetOptions, ResultHandle } from "./result-handle.ts";
import type { Settled } from "./settled.ts";

/** A member's place, and its value; a nested group's is a list. */
export type MemberEnd = readonly [index: number, value: unknown];

/** `group` is that of the members themselves. Throws the first failure, unless it is not to be propagated, and `TimeoutError`. */
export async function* membersAsTheyEnd(
  results: readonly ResultHandle[],
  options: GetOptions & { readonly group?: string | undefined },
): AsyncGenerator<MemberEnd, void> {
  const ends = new Map<ResultHandle, Settled<unknown>>();
  const open = openMembers(results);
  for (const { index, leaves } of open) if (leaves.size === 0) yield [index, valueOf(results[index], ends)];
  const membersOf = byLeaf(open);
  for await (const [leaf, settled] of endsOf(results, options)) {
    if (settled.state !== "SUCCESS" && options.propagate !== false) throw await causeOf(leaf, settled.error, options);
    ends.set(leaf, settled);
    for (const { index, leaves } of membersOf.get(leaf) ?? []) {
      if (leaves.delete(leaf) && leaves.size === 0) yield [index, valueOf(results[index], ends)];
    }
  }
}

/** A member, and the calls in it that have not ended. */
interface OpenMember {
  readonly index: number;
  readonly leaves: Set<ResultHandle>;
}

function openMembers(results: readonly ResultHandle[]): readonly OpenMember[] {
  return results.map((each, index) => ({ index, leaves: new Set(leavesOf([each])) }));
}

function byLeaf(members: readonly OpenMember[]): ReadonlyMap<ResultHandle, readonly OpenMember[]> {
  const found = new Map<ResultHandle, OpenMember[]>();
  for (const member of members) {
    for (const leaf of member.leaves) {
      const own = found.get(leaf) ?? [];
      own.push(member);
      found.set(leaf, own);
    }
  }
  return found;
}

/** The member's own error, or that of a step before it. */
async function causeOf(leaf: ResultHandle, own: UmbelError, options: GetOptions): Promise<UmbelError> {
  if (options.followParents !== true) return own;
  const [followed] = [await leaf.settled(options)].flat();
  return followed === undefined || followed.state === "SUCCESS" ? own : followed.error;
}

function valueOf(handle: ResultHandle | undefined, ends: ReadonlyMap<ResultHandle, Settled<unknown>>): unknown {
  if (handle?.results !== undefined) return handle.results.map((each) => valueOf(each, ends));
  const settled = handle && ends.get(handle);
  return settled?.state === "SUCCESS" ? settled.result : settled?.error;
}
