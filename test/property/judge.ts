/**
 * Compares what came of a canvas with what the oracle says: every node's end, every body's beginnings, every hook, and what
 * waiting for the whole gives.
 *
 * @module
 */

import { failureIn, isReady, messageOf, type ResultMeta } from "@umbel/protocol";
import { isDeepStrictEqual } from "node:util";
import type { ResultHandle, Umbel } from "umbel";
import { checkBeginnings } from "./beginnings.ts";
import type { Luck } from "./ends.ts";
import { checkEnds } from "./check-ends.ts";
import { checkHooks } from "./check-hooks.ts";
import { type CallFate, callsIn, type Line, linesOf, nameOf } from "./fate.ts";
import { prophesy } from "./oracle.ts";
import { locate, type Places } from "./places.ts";
import type { Canvas, Plan } from "./plan.ts";
import type { Part } from "./steps.ts";
import { nthIn } from "./value.ts";
import { checkWhole, wholeValue } from "./check-whole.ts";
import type { Testimony } from "./witness.ts";

/** What came of a canvas. */
export interface Outcome extends Testimony {
  readonly app: Umbel;
  /** What `delay()` returned. */
  readonly handle: ResultHandle;
  /** Builds what was linked as it was built when the canvas was sent. */
  readonly buildPart: (plan: Plan) => Part;
  /** How many attempts of a call, with so many retries, were cut off between their beginning and the storing of their end. */
  readonly cutOff: (id: string, retries: number) => number;
  /** Whether nothing went wrong with a call. */
  readonly isCalm: (id: string) => boolean;
  /** Ids of messages that are among the dead letters; absent where nobody knows. */
  readonly deadLetters?: readonly string[];
}

/** What is wrong, a sentence each; nothing when all is as it must be. */
export async function judge(canvas: Canvas, outcome: Outcome): Promise<readonly string[]> {
  const first = prophesy(canvas, { winners: new Map(), lost: new Set() });
  if (callsIn([first.line]).every(({ node }) => node.step === null)) return await checkNothing(first.line, outcome);
  const sent = { ...outcome, tuple: outcome.handle.asTuple() };
  const prophecy = prophesy(canvas, await luckIn(outcome, locate(first, sent).places));
  const { places, wrong } = locate(prophecy, sent);
  if (wrong.length > 0) return wrong;
  const calls = callsIn(linesOf(prophecy));
  return [
    ...checkBeginnings(calls, outcome, places),
    ...checkHooks(calls, outcome, places),
    ...checkDeadLetters(calls, outcome, places),
    ...(await checkEnds(outcome.app, calls, places)),
    ...(await checkWhole(prophecy.line, outcome.handle, places)),
  ];
}

/** A canvas without any step belongs to no application: nothing of it has an id that is stored, but its lists are right. */
async function checkNothing(line: Line, { handle, beginnings }: Outcome): Promise<readonly string[]> {
  const strange = beginnings.map(({ label }) => `${label} has begun where there is nothing to begin`);
  return [...strange, ...(await checkLists(line, handle))];
}

/** What each handle of a canvas without any step gives, from the last back. */
async function checkLists(line: Line, handle: ResultHandle | null): Promise<readonly string[]> {
  const [fate] = line.slice(-1);
  if (fate === undefined) return handle === null ? [] : [`There is a handle too many: ${handle.id}`];
  if (handle === null) return [`There is no handle for ${nameOf(fate)}`];
  const [value, expected] = [await handle.get(), wholeValue(fate)];
  const before = await checkLists(line.slice(0, -1), handle.parent);
  if (isDeepStrictEqual(value, expected)) return before;
  return [...before, `get() resolves with ${JSON.stringify(value)} and not ${JSON.stringify(expected)}`];
}

/** What chance has decided of the steps, as far as it is stored. */
async function luckIn({ app, isCalm }: Outcome, places: Places): Promise<Luck> {
  const steps = [...places].flatMap(([fate, id]) =>
    fate.kind === "call" && fate.node.step ? [{ id, ...fate.node.step }] : [],
  );
  const metas = await app.backend.read(steps.map(({ id }) => id));
  const winners = steps.map(({ label }, index) => [label, nthIn(label, storedIn(metas[index]))] as const);
  const lost = steps.filter(({ id, manner }, index) => manner === "early" && !isCalm(id) && isWorkerLost(metas[index]));
  return { winners: new Map(winners), lost: new Set(lost.map(({ label }) => label)) };
}

/** A value, or the message of a failure. */
function storedIn(meta: ResultMeta | undefined): unknown {
  if (meta === undefined) return undefined;
  return isFailed(meta) ? messageOf(failureIn(meta.result)) : meta.result;
}

function isWorkerLost(meta: ResultMeta | undefined): boolean {
  return meta !== undefined && isFailed(meta) && failureIn(meta.result).exc_type === "WorkerLostError";
}

function isFailed({ status }: ResultMeta): boolean {
  return isReady(status) && status !== "SUCCESS";
}

/**
 * What is rejected, and what nobody knows, is kept, and nothing else is. What was acknowledged before may not be there any
 * more. A second delivery may be kept where it finds such an end that came of what took its task's place, or where nobody
 * keeps why its task has failed: a letter too many is no loss.
 */
function checkDeadLetters(calls: readonly CallFate[], { deadLetters }: Outcome, places: Places): readonly string[] {
  if (deadLetters === undefined) return [];
  const dead = calls.filter(isDead);
  const lost = dead.filter(
    (fate) => fate.node.step?.manner !== "early" && !deadLetters.includes(places.get(fate) ?? ""),
  );
  const ids = new Set(calls.filter(mayBeDead).map((fate) => places.get(fate)));
  return [
    ...lost.map((fate) => `${nameOf(fate)} (${places.get(fate)}) is not among the dead letters`),
    ...deadLetters.filter((id) => !ids.has(id)).map((id) => `${id} is among the dead letters`),
  ];
}

function isDead(fate: CallFate): boolean {
  return fate.isOwn && isUnwanted(fate);
}

function mayBeDead(fate: CallFate): boolean {
  return isUnwanted(fate) || (fate.keeper === "silent" && fate.end.state === "FAILURE");
}

function isUnwanted({ end }: CallFate): boolean {
  return end.state === "FAILURE" && (end.reason.type === "Reject" || end.reason.type === "NotRegistered");
}
