/**
 * Whether every call has ended as it must.
 *
 * @module
 */

import { failureIn, isReady, messageOf, type ResultMeta } from "@umbel/protocol";
import { isDeepStrictEqual } from "node:util";
import type { Umbel } from "umbel";
import type { Reason } from "./ends.ts";
import { type CallFate, isLost, nameOf } from "./fate.ts";
import type { Places } from "./places.ts";
import { ownState } from "./value.ts";

/** What is wrong with the ends of calls, a sentence each. */
export async function checkEnds(app: Umbel, calls: readonly CallFate[], places: Places): Promise<readonly string[]> {
  const metas = await app.backend.read(calls.map((fate) => places.get(fate) ?? ""));
  return calls.flatMap((fate, index) => {
    const wrong = endComplaint(fate, metas[index], places);
    return wrong === undefined ? [] : [`${nameOf(fate)} (${places.get(fate)}) ${wrong}`];
  });
}

function endComplaint(fate: CallFate, meta: ResultMeta | undefined, places: Places): string | undefined {
  const { keeper, end } = fate;
  if (keeper === "silent") return keptComplaint(meta);
  if (meta === undefined) return "has not ended: nothing is known of it";
  if (meta.status !== end.state) return `is ${meta.status} and not ${end.state}: ${JSON.stringify(meta.result)}`;
  if (isLost(end)) return lossComplaint(end.reason, meta.result, places);
  if (end.state === ownState) return undefined;
  return valueComplaint(meta.result, keeper === "careful" ? null : end.value);
}

/** What a body shows of itself stays; its end is not told. */
function keptComplaint(meta: ResultMeta | undefined): string | undefined {
  return meta !== undefined && isReady(meta.status) ? `is kept, as ${meta.status}` : undefined;
}

function valueComplaint(stored: unknown, value: unknown): string | undefined {
  if (isDeepStrictEqual(stored, value)) return undefined;
  return `returned ${JSON.stringify(stored)} and not ${JSON.stringify(value)}`;
}

function lossComplaint(reason: Reason, result: unknown, places: Places): string | undefined {
  const failure = failureIn(result);
  const message = messageOf(failure);
  return isFor(reason, { type: failure.exc_type, message }, places)
    ? undefined
    : `failed with ${failure.exc_type}: ${message} and not with ${shownReason(reason, places)}`;
}

/** A failure, by what readers see of it. */
export interface Failure {
  readonly type: string;
  readonly message: string;
}

/** Whether a failure is for this reason. */
export function isFor(reason: Reason, { type, message }: Failure, places: Places): boolean {
  if (type !== reason.type) return false;
  if (reason.member !== undefined) return message.startsWith(chordMessage(reason, places));
  return reason.message === null || message === reason.message;
}

function chordMessage({ member }: Reason, places: Places): string {
  return member === undefined ? "" : `Dependency ${places.get(member.fate)} raised ${member.reason.type}(`;
}

function shownReason(reason: Reason, places: Places): string {
  return `${reason.type}: ${reason.message ?? chordMessage(reason, places)}`;
}
