/**
 * The steps of a chain that are kept elsewhere: what is known of them where they are gone.
 *
 * Ids of the steps of a chain that is a canvas by itself follow from its own id and their places, so an outline of them is
 * enough to end them. Of a chain that is a part of another canvas only the end is known.
 *
 * @module
 */

import { referenceIn, type Signature, type SignatureOptions } from "@umbel/protocol";
import { endOf } from "./end.ts";
import { freeze } from "./freeze.ts";
import { outlined, outlineOf } from "./outline.ts";
import { chainOf, tasksIn } from "./parts.ts";
import type { ChildId } from "./place.ts";
import { signature } from "./signature.ts";

/** Longest outline, in characters, that goes with a message. */
const longest = 1024;

/** What to remember of a chain, reversed as it travels, of which the first step is sent; nothing where no id would be right. */
export function optionsOfRest(chain: readonly Signature[], childId: ChildId): SignatureOptions {
  const [last, next] = [chain[0], chain.at(-1)];
  if (last === undefined || next === undefined || last === next) return {};
  const { task_id: id } = endOf(last);
  if (typeof id !== "string" || childId(id, "1") !== endOf(next).task_id) return {};
  const outline = outlineOf(chainOf([signature("first"), ...chain.toReversed()]));
  return JSON.stringify(outline).length > longest ? {} : { outline };
}

/** The steps that something stands for, as far as they are known: frozen, and nothing else of them. */
export function rememberedSteps(standing: Signature, childId: ChildId): readonly Signature[] {
  const { task_id: id, outline } = standing.options;
  if (referenceIn(standing) === undefined || typeof id !== "string" || outline === undefined || outline === null)
    return [];
  return tasksIn(freeze(outlined(outline), { id, childId }).signature).slice(1);
}
