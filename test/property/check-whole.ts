/**
 * Whether whoever waits for the whole of a canvas gets what it comes to.
 *
 * @module
 */

import { failureIn, messageOf } from "@umbel/protocol";
import { isDeepStrictEqual } from "node:util";
import type { ResultHandle } from "umbel";
import { type Failure, isFor } from "./check-ends.ts";
import type { Reason } from "./ends.ts";
import { type CallFate, type Fate, isLost, type Line } from "./fate.ts";
import type { Places } from "./places.ts";
import { ownState } from "./value.ts";

/** What `get()` on the whole gives. Of several losses in a group any may be the one that it throws. */
export async function checkWhole(line: Line, handle: ResultHandle, places: Places): Promise<readonly string[]> {
  const [last] = line.slice(-1);
  if (last === undefined) return ["There is nothing to wait for"];
  const ends = endsOf(last);
  // What shows a state of its own shows no end, and what nobody keeps shows nothing.
  if (ends.some(({ end }) => end.state === ownState)) return [];
  if (ends.every((each) => each.keeper !== "silent") && !(await handle.ready())) return ["The whole is not ready"];
  // On a clock that the test moves only real time ends a wait for what is there already.
  const got = await handle.get({ timeout: 30, signal: AbortSignal.timeout(30_000) }).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return "value" in got ? checkValue(last, got.value) : checkError(ends, got.error, places);
}

function checkValue(last: Fate, value: unknown): readonly string[] {
  if (endsOf(last).flatMap(lossIn).length === 0 && isDeepStrictEqual(value, wholeValue(last))) return [];
  return [`get() resolves with ${JSON.stringify(value)} and not ${JSON.stringify(wholeValue(last))}`];
}

function checkError(ends: readonly CallFate[], error: unknown, places: Places): readonly string[] {
  const failure = failureIn(thrownAs(error));
  const thrown = { type: failure.exc_type, message: messageOf(failure) };
  if (ends.flatMap(lossIn).some((reason) => isThrownFor(reason, thrown, places))) return [];
  return [`get() rejects with ${thrown.type}: ${thrown.message}`];
}

function thrownAs(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const type = "excType" in error && typeof error.excType === "string" ? error.excType : error.name;
  return { exc_type: type, exc_message: error.message, exc_module: null };
}

/** Whether an error that was thrown is for this reason: it may go on to say what to do. */
function isThrownFor(reason: Reason, thrown: Failure, places: Places): boolean {
  const message = thrown.message.startsWith(reason.message ?? "") ? (reason.message ?? thrown.message) : thrown.message;
  return isFor(reason, { type: thrown.type, message }, places);
}

/** The calls that whoever waits for a node waits for. */
function endsOf(fate: Fate): readonly CallFate[] {
  return fate.kind === "call" ? [fate] : fate.members.flatMap((each) => each.slice(-1).flatMap(endsOf));
}

function lossIn(fate: CallFate): readonly Reason[] {
  return isLost(fate.end) && fate.keeper !== "silent" ? [fate.end.reason] : [];
}

/** What waiting for a node gives that succeeds. */
export function wholeValue(fate: Fate): unknown {
  if (fate.kind === "group") return fate.members.map((each) => each.slice(-1).map(wholeValue).at(0));
  const isKept = !["silent", "careful"].includes(fate.keeper);
  return isKept && !isLost(fate.end) ? fate.end.value : undefined;
}
