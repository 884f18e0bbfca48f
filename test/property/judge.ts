/**
 * Compares what came of a canvas with what the oracle says: every node's end, every body's beginnings, and what waiting
 * for the whole gives.
 *
 * @module
 */

import { failureIn, isReady, messageOf, type ResultMeta } from "@umbel/protocol";
import { isDeepStrictEqual } from "node:util";
import { GroupResult, type ResultHandle, type Umbel } from "umbel";
import { checkBeginnings } from "./beginnings.ts";
import {
  type CallFate,
  type End,
  type Fate,
  type Line,
  type Prophecy,
  prophesy,
  type Reason,
  type Winners,
} from "./oracle.ts";
import { type Canvas, idOf } from "./plan.ts";
import type { Beginning } from "./steps.ts";
import { nthIn } from "./value.ts";

/** What came of a canvas. */
export interface Outcome {
  readonly app: Umbel;
  /** What `delay()` returned. */
  readonly handle: ResultHandle;
  /** Part of the ids of named steps. */
  readonly run: string;
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
  const strayed = checkBeginnings(callsIn([prophecy.line, ...prophecy.linked]), outcome, places);
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

/** Finds out which id belongs to which fate, as far as that is known without knowing what has begun. */
function locate({ line, linked }: Prophecy, { handle, run }: Outcome, places: Map<Fate, string>): readonly string[] {
  nameLinked(linked, run, places);
  return meet(line, handle, places);
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

/** Finds out which id belongs to which fate, along the handles and their parents. */
function meet(line: Line, last: ResultHandle | null, places: Map<Fate, string>): readonly string[] {
  let handle = last;
  const complaints: string[] = [];
  for (const fate of line.toReversed()) {
    if (handle === null) return [...complaints, `There is no handle for ${nameOf(fate)}`];
    complaints.push(...meetOne(fate, handle, places));
    handle = handle.parent;
  }
  return handle === null ? complaints : [...complaints, `There is a handle too many: ${handle.id}`];
}

function meetOne(fate: Fate, handle: ResultHandle, places: Map<Fate, string>): readonly string[] {
  places.set(fate, handle.id);
  const members: readonly ResultHandle[] | undefined = handle instanceof GroupResult ? handle.results : undefined;
  if (fate.kind === "call") return members === undefined ? [] : [`${handle.id} stands for ${nameOf(fate)}`];
  if (members?.length !== fate.members.length) return [`${handle.id} has not ${fate.members.length} members`];
  return fate.members.flatMap((each, index) => meet(each, members[index] ?? null, places));
}

/** Of what is linked the named steps are known; the others are found by what has begun. */
function nameLinked(linked: readonly Line[], run: string, places: Map<Fate, string>): void {
  for (const fate of callsIn(linked)) {
    if (fate.step?.named === true) places.set(fate, idOf(run, fate.step.label));
  }
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
  if (last === undefined || !(await handle.ready())) return [];
  const losses = lossesIn(last);
  const got = await handle.get({ timeout: 30 }).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("value" in got) {
    if (losses.length === 0 && isDeepStrictEqual(got.value, wholeValue(last))) return [];
    return [`get() resolves with ${JSON.stringify(got.value)} and not ${JSON.stringify(wholeValue(last))}`];
  }
  const failure = failureIn(thrownAs(got.error));
  const thrown = { type: failure.exc_type, message: messageOf(failure) };
  if (losses.some((reason) => isFor(reason, thrown, places))) return [];
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
