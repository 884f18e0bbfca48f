/**
 * Signatures and how they compose: chain, group, chord.
 *
 * Pure algebra on protocol's `Signature`: plain wire data in, plain wire data out. Nothing here does I/O, reads a clock
 * or makes up an id; the same input always has the same output.
 *
 * ```ts
 * const sum = chain([signature("tasks.add", { args: [2, 2] }), signature("tasks.add", { args: [4] })]);
 * const { signature: frozen, id } = freeze(sum, { id: newId(), childId });
 * const calls = expand(frozen); // one call: tasks.add(2, 2), the second step in its embed
 * ```
 *
 * @module
 */

export { abandon, abandonChain } from "./abandon.ts";
export type { AbandonOptions } from "./abandon.ts";
export { accumulate, accumulateName } from "./accumulate.ts";
export type { Algebra } from "./algebra.ts";
export { afterFailure, afterIgnored, afterRevoked, afterSuccess } from "./after.ts";
export type { Call, CallOptions } from "./call.ts";
export { callsIn } from "./calls-in.ts";
export { failed, ignored, revoked } from "./cause.ts";
export type { Cause, Failure } from "./cause.ts";
export { chain } from "./chain.ts";
export { chord } from "./chord.ts";
export type { ChordOptions } from "./chord.ts";
export { completeChord } from "./complete.ts";
export type { CompleteOptions, MemberEnd } from "./complete.ts";
export { consequencesOf } from "./consequence.ts";
export type { CallConsequence, Consequence, Following } from "./consequence.ts";
export type { FailedCall } from "./errback.ts";
export { endOf } from "./end.ts";
export { changeEverything, changeFirst, everythingIn } from "./everything-in.ts";
export { isEqual } from "./equality.ts";
export { expand, resultIdOf } from "./expand.ts";
export { freeze } from "./freeze.ts";
export { group } from "./group.ts";
export {
  chunks,
  chunksIn,
  chunksName,
  groupOfChunks,
  itemsIn,
  map,
  mapName,
  mappedTask,
  slices,
  starmap,
  starmapName,
} from "./items.ts";
export type { Items } from "./items.ts";
export { line } from "./line.ts";
export { needsCount } from "./needs-count.ts";
export { nodeOf } from "./node.ts";
export type { ChordNode, Node } from "./node.ts";
export type { OnError } from "./parts.ts";
export { outlined, outlineOf } from "./outline.ts";
export type { Outline } from "./outline.ts";
export { pipe } from "./pipe.ts";
export type { ChildId, FreezeOptions, Frozen } from "./place.ts";
export { print } from "./print.ts";
export { optionsOfRest } from "./rest.ts";
export { replacement, replacementBase } from "./replace.ts";
export type { ReplacedCall } from "./replace.ts";
export { refuseSharedIds } from "./shared-id.ts";
export { single } from "./single.ts";
export { clone, flattenLinks, immutable, link, linkError, listOf, signature } from "./signature.ts";
export type { Given } from "./signature.ts";
export { skew } from "./skew.ts";
export { stamp } from "./stamp.ts";
export type { Stamping, StampingEnd, StampOptions, StampVisitor } from "./stamp.ts";
export { optionsOfStamps, stampsIn } from "./stamps.ts";
export type { Stamps } from "./stamps.ts";
export { failUnstarted } from "./unstarted.ts";
export { whole } from "./whole.ts";
