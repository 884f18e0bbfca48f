/**
 * Compares what came of a canvas with what the oracle says: every node's end, every body's beginnings, and what waiting
 * for the whole gives.
 *
 * @module
 */

import { freeze } from "@umbel/canvas";
import { childId } from "@umbel/core";
import { failureIn, isReady, messageOf, type ResultMeta, type ResultTuple } from "@umbel/protocol";
import { isDeepStrictEqual } from "node:util";
import type { ResultHandle, Umbel } from "umbel";
import { checkBeginnings } from "./beginnings.ts";
import {
  type CallFate,
  type End,
  type Fate,
  type Line,
  type Linked,
  type Prophecy,
  prophesy,
  type Reason,
  type Winners,
} from "./oracle.ts";
import type { Canvas, Plan } from "./plan.ts";
import type { Beginning, Part } from "./steps.ts";
import { nthIn } from "./value.ts";

/** What came of a canvas. */
export interface Outcome {
  readonly app: Umbel;
  /** What `delay()` returned. */
  readonly handle: ResultHandle;
  /** Builds what was linked as it was built when the canvas was sent. */
  readonly buildPart: (plan: Plan) => Part;
  readonly beginnings: readonly Beginning[];
  /** How many attempts of a call, with so many retries, were cut off between their beginning and the storing of their end. */
  readonly cutOff: (id: string, retries: number) => number;
}

/** What is wrong, a sentence each; nothing when all is as it must be. */
export async function judge(canvas: Canvas, outcome: Outcome): Promise<readonly string[]> {
  const places = new Map<Fate, string>();
  const unmarked = prophesy(canvas, new Map());
  if (callsIn([unmarked.line]).every(({ step }) => step === null)) return await checkNothing(unmarked.line, outcome);
  const misshapen = locate(unmarked, outcome, places);
  if (misshapen.length > 0) return misshapen;
  const prophecy = prophesy(canvas, await winnersIn(outcome, places));
  places.clear();
  locate(prophecy, outcome, places);
  const strayed = checkBeginnings(callsIn(linesOf(prophecy)), outcome, places);
  return [...strayed, ...(await checkEnds(outcome, places)), ...(await checkWhole(prophecy.line, outcome, places))];
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

/** Finds out which id belongs to which fate. */
function locate({ line, linked }: Prophecy, outcome: Outcome, places: Map<Fate, string>): readonly string[] {
  return [...meet(line, outcome.handle.asTuple(), places), ...meetLinked(linked, outcome, places)];
}

/** Of what is linked the ids follow from its owner's, which may itself be part of what is linked. */
function meetLinked(
  linked: readonly Linked[],
  outcome: Pick<Outcome, "buildPart">,
  places: Map<Fate, string>,
): readonly string[] {
  const owners = new Map([...places].flatMap(([fate, id]) => labelIn(fate).map((label) => [label, id])));
  const known = linked.filter(({ owner }) => owners.has(owner));
  const unknown = linked.filter(({ owner }) => !owners.has(owner));
  if (known.length === 0) return unknown.map(({ owner }) => `Something is linked to ${owner}, which is nowhere`);
  const complaints = known.flatMap(({ owner, role, index, plan, line }) => {
    const id = childId(owners.get(owner) ?? "", `${role}/${index}`);
    return meet(line, freeze(outcome.buildPart(plan).wire, { id, childId }).result, places);
  });
  return [...complaints, ...meetLinked(unknown, outcome, places)];
}

function labelIn(fate: Fate): readonly string[] {
  return fate.kind === "call" && fate.step !== null ? [fate.step.label] : [];
}

function linesOf({ line, linked }: Prophecy): readonly Line[] {
  return [line, ...linked.map((each) => each.line)];
}

/** Which beginning of each step came to what is stored. */
async function winnersIn({ app }: Outcome, places: ReadonlyMap<Fate, string>): Promise<Winners> {
  const steps = [...places].flatMap(([fate, id]) => (fate.kind === "call" && fate.step ? [{ id, ...fate.step }] : []));
  const metas = await app.backend.read(steps.map(({ id }) => id));
  return new Map(steps.map(({ label }, index) => [label, nthIn(label, storedIn(metas[index]))]));
}

/** A value, or the message of a failure. */
function storedIn(meta: ResultMeta | undefined): unknown {
  return meta !== undefined && isReady(meta.status) && meta.status !== "SUCCESS"
    ? messageOf(failureIn(meta.result))
    : meta?.result;
}

/** Finds out which id belongs to which fate, along the ids of a result and of its parents. */
function meet(line: Line, last: ResultTuple | null, places: Map<Fate, string>): readonly string[] {
  let tuple = last;
  const complaints: string[] = [];
  for (const fate of line.toReversed()) {
    if (tuple === null) return [...complaints, `There is no handle for ${nameOf(fate)}`];
    complaints.push(...meetOne(fate, tuple, places));
    [[, tuple]] = tuple;
  }
  return tuple === null ? complaints : [...complaints, `There is a handle too many: ${tuple[0][0]}`];
}

function meetOne(fate: Fate, [[id], members]: ResultTuple, places: Map<Fate, string>): readonly string[] {
  places.set(fate, id);
  if (fate.kind === "call") return members === null ? [] : [`${id} stands for ${nameOf(fate)}`];
  if (members?.length !== fate.members.length) return [`${id} has not ${fate.members.length} members`];
  return fate.members.flatMap((each, index) => meet(each, members[index] ?? null, places));
}

/** All calls of lines, those of groups included. */
function callsIn(lines: readonly Line[]): readonly CallFate[] {
  return lines.flat().flatMap((fate) => (fate.kind === "call" ? [fate] : callsIn(fate.members)));
}

async function checkEnds({ app }: Outcome, places: ReadonlyMap<Fate, string>): Promise<readonly string[]> {
  const calls = [...places.keys()].filter((fate) => fate.kind === "call");
  const metas = await app.backend.read(calls.map((fate) => places.get(fate) ?? ""));
  return calls.flatMap((fate, index) => {
    const wrong = endComplaint(fate.end, metas[index], places);
    return wrong === undefined ? [] : [`${nameOf(fate)} (${places.get(fate)}) ${wrong}`];
  });
}

function endComplaint(end: End, meta: ResultMeta | undefined, places: ReadonlyMap<Fate, string>): string | undefined {
  if (meta === undefined || !isReady(meta.status)) return `has not ended: ${meta?.status ?? "nothing is known of it"}`;
  if (meta.status !== end.state) return `is ${meta.status} and not ${end.state}: ${JSON.stringify(meta.result)}`;
  if (end.state !== "SUCCESS") return lossComplaint(end.reason, meta.result, places);
  if (isDeepStrictEqual(meta.result, end.value)) return undefined;
  return `returned ${JSON.stringify(meta.result)} and not ${JSON.stringify(end.value)}`;
}

function lossComplaint(reason: Reason, result: unknown, places: ReadonlyMap<Fate, string>): string | undefined {
  const failure = failureIn(result);
  const message = messageOf(failure);
  return isFor(reason, { type: failure.exc_type, message }, places)
    ? undefined
    : `failed with ${failure.exc_type}: ${message} and not with ${shownReason(reason, places)}`;
}

interface Failure {
  readonly type: string;
  readonly message: string;
}

function isFor(reason: Reason, { type, message }: Failure, places: ReadonlyMap<Fate, string>): boolean {
  if (type !== reason.type) return false;
  if (reason.member !== undefined) return message.startsWith(chordMessage(reason, places));
  return reason.message === null || message === reason.message;
}

/** Whether an error that was thrown is for this reason: it may go on to say what to do. */
function isThrownFor(reason: Reason, thrown: Failure, places: ReadonlyMap<Fate, string>): boolean {
  const message = thrown.message.startsWith(reason.message ?? "") ? (reason.message ?? thrown.message) : thrown.message;
  return isFor(reason, { type: thrown.type, message }, places);
}

function chordMessage({ member }: Reason, places: ReadonlyMap<Fate, string>): string {
  return member === undefined ? "" : `Dependency ${places.get(member.fate)} raised ${member.reason.type}(`;
}

function shownReason(reason: Reason, places: ReadonlyMap<Fate, string>): string {
  return `${reason.type}: ${reason.message ?? chordMessage(reason, places)}`;
}

/** What `get()` on the whole gives. Of several losses in a group any may be the one that it throws. */
async function checkWhole(
  line: Line,
  { handle }: Outcome,
  places: ReadonlyMap<Fate, string>,
): Promise<readonly string[]> {
  const [last] = line.slice(-1);
  if (last === undefined) return ["There is nothing to wait for"];
  if (!(await handle.ready())) return ["The whole is not ready"];
  const losses = lossesIn(last);
  // On a clock that the test moves only real time ends a wait for what is there already.
  const got = await handle.get({ timeout: 30, signal: AbortSignal.timeout(30_000) }).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("value" in got) {
    if (losses.length === 0 && isDeepStrictEqual(got.value, wholeValue(last))) return [];
    return [`get() resolves with ${JSON.stringify(got.value)} and not ${JSON.stringify(wholeValue(last))}`];
  }
  const failure = failureIn(thrownAs(got.error));
  const thrown = { type: failure.exc_type, message: messageOf(failure) };
  if (losses.some((reason) => isThrownFor(reason, thrown, places))) return [];
  return [`get() rejects with ${thrown.type}: ${thrown.message}`];
}

function thrownAs(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const type = "excType" in error && typeof error.excType === "string" ? error.excType : error.name;
  return { exc_type: type, exc_message: error.message, exc_module: null };
}

function lossesIn(fate: Fate): readonly Reason[] {
  if (fate.kind === "call") return fate.end.state === "SUCCESS" ? [] : [fate.end.reason];
  return fate.members.flatMap((each) => each.slice(-1).flatMap(lossesIn));
}

function wholeValue(fate: Fate): unknown {
  if (fate.kind === "call") return fate.end.state === "SUCCESS" ? fate.end.value : undefined;
  return fate.members.map((each) => each.slice(-1).map(wholeValue).at(0));
}

function nameOf(fate: Fate): string {
  if (fate.kind === "group") return "a group";
  return fate.step === null ? "the call that makes one value of a list" : `step ${fate.step.label}`;
}
