/**
 * The oracle: says how every node of a canvas ends, by delivery.md 14 and 15, and how often its body may run.
 *
 * A plain evaluator, written apart from the product and importing nothing of it. What it says holds for every order of
 * events and under every fault, since it is asked about canvases only whose end no order decides.
 *
 * @module
 */

import type { Canvas, Ending, Plan, StepPlan } from "./plan.ts";
import { type CallNode, type Node, type Sequence, sequenceOf, type SideBySide } from "./sequence.ts";
import { marked, shown, valueOf } from "./value.ts";

/** What must come of a canvas. */
export interface Prophecy {
  /** The canvas itself, in the order of its handles: the last is what `delay()` returns, the others its parents. */
  readonly line: Line;
  /** What was linked and is sent. */
  readonly linked: readonly Linked[];
}

/** What was linked to a call, which is sent as a canvas of its own. Its id follows from the call's and its place. */
export interface Linked {
  /** Label of the call's step. */
  readonly owner: string;
  readonly role: "link" | "errback";
  /** Place among those that are linked to the call in this role. */
  readonly index: number;
  readonly plan: Plan;
  readonly line: Line;
}

/** What must come of a sequence. */
export type Line = readonly Fate[];

/** What must come of a node. */
export type Fate = CallFate | GroupFate;

/** What must come of a call. */
export interface CallFate {
  readonly kind: "call";
  /** Null for the call that only makes one value of a list. */
  readonly step: StepPlan | null;
  readonly end: End;
  /** How often its body begins, by the number of retries, when nothing goes wrong; empty when it never does. */
  readonly attempts: readonly Attempts[];
  /** What its body is given, as {@link shown} has it; null when it never runs. */
  readonly given: string | null;
}

/** What must come of members side by side. */
export interface GroupFate {
  readonly kind: "group";
  readonly members: readonly Line[];
}

/** Beginnings of the attempts with so many retries. */
export interface Attempts {
  readonly retries: number;
  readonly least: number;
  /** But for those that were cut off. */
  readonly most: number;
}

/** How a call ends. */
export type End = { readonly state: "SUCCESS"; readonly value: unknown } | Loss;

/** A call without a value. */
export interface Loss {
  readonly state: "FAILURE" | "REVOKED";
  readonly reason: Reason;
}

/** Why. */
export interface Reason {
  /** Class of the error. */
  readonly type: string;
  /** Its message; null where it says what is known at run time only. */
  readonly message: string | null;
  /** Of a ChordError: the end of the member that it names, and why that was lost. */
  readonly member?: { readonly fate: Fate; readonly reason: Reason };
}

/**
 * Which beginning of a step's body came to the value that is stored, from 0: chance decides that, and the same one has to
 * be in every value behind it.
 */
export type Winners = ReadonlyMap<string, number>;

/** Says what must come of a canvas. */
export function prophesy({ plan, input }: Canvas, winners: Winners): Prophecy {
  const sent: Sent = { linked: [], winners };
  const { line } = follow(sequenceOf(plan), { values: input === null ? [] : [input] }, sent);
  return { line, linked: sent.linked };
}

/** What is sent beside the canvas itself. */
interface Sent {
  readonly linked: Linked[];
  readonly winners: Winners;
}

/** What reaches a node: values, or the reason for which it will never run. */
type Incoming = { readonly values: readonly unknown[] } | Doom;

/** A loss that others inherit. */
interface Doom {
  readonly loss: Loss;
  /** A chord goes on without the value of what was ignored. */
  readonly isIgnored: boolean;
}

interface Followed {
  readonly line: Line;
  /** What comes out: one value, or a doom. */
  readonly out: Incoming;
}

function follow(sequence: Sequence, incoming: Incoming, sent: Sent): Followed {
  let at = incoming;
  const line = sequence.map((node, index) => {
    const { fate, out } = pass(node, { incoming: at, behind: sequence.slice(index + 1), sent });
    at = out;
    return fate;
  });
  return { line, out: at };
}

interface Passing {
  readonly incoming: Incoming;
  readonly behind: Sequence;
  readonly sent: Sent;
}

interface Passed {
  readonly fate: Fate;
  readonly out: Incoming;
}

function pass(node: Node, passing: Passing): Passed {
  return node.kind === "call" ? passCall(node, passing) : passAll(node, passing);
}

function passCall({ step, errbacks }: CallNode, { incoming, sent }: Passing): Passed {
  if ("loss" in incoming) {
    return { fate: { kind: "call", step, end: incoming.loss, attempts: [], given: null }, out: incoming };
  }
  if (step === null) {
    const [value] = incoming.values;
    const end = { state: "SUCCESS", value } as const;
    return { fate: { kind: "call", step, end, attempts: [], given: null }, out: { values: [value] } };
  }
  const given = step.immutable ? [] : incoming.values;
  const { end, isIgnored } = endOf(step, given, sent.winners);
  const attempts = attemptsOf(step);
  const fate: CallFate = { kind: "call", step, end, attempts, given: attempts.length === 0 ? null : shown(given) };
  if (isIgnored) return { fate, out: { loss: revoked("ignored"), isIgnored } };
  if (end.state !== "SUCCESS") {
    tell({ owner: step.label, errbacks }, end, sent);
    return { fate, out: { loss: end, isIgnored } };
  }
  send(step.link, { owner: step.label, role: "link", value: end.value }, sent);
  return { fate, out: { values: [end.value] } };
}

function passAll({ members, collects }: SideBySide, { incoming, behind, sent }: Passing): Passed {
  const followed = members.map((each) => follow(each, incoming, sent));
  const fate: GroupFate = { kind: "group", members: followed.map(({ line }) => line) };
  if ("loss" in incoming) return { fate, out: incoming };
  if (collects) return { fate, out: { values: [followed.map(({ out }) => collected(out))] } };
  const lost = followed.find(({ out }) => "loss" in out && !out.isIgnored);
  if (lost === undefined) return { fate, out: { values: [followed.map(({ out }) => valueIn(out))] } };
  const loss = chordLoss(lost);
  tell(leadOf(behind), loss, sent);
  return { fate, out: { loss, isIgnored: false } };
}

/** Who is told of a failure, and as whose. */
interface Lead {
  readonly owner: string;
  readonly errbacks: readonly Plan[];
}

/** Those linked to a call that has failed are told, once each. */
function tell(lead: Lead | undefined, { state, reason }: Loss, sent: Sent): void {
  if (lead === undefined) return;
  const value = { state, excType: reason.type };
  send(lead.errbacks, { owner: lead.owner, role: "errback", value }, sent);
}

function send(
  plans: readonly Plan[],
  { value, ...of }: Pick<Linked, "owner" | "role"> & { readonly value: unknown },
  sent: Sent,
): void {
  for (const [index, plan] of plans.entries()) {
    const { line } = follow(sequenceOf(plan), { values: [value] }, sent);
    sent.linked.push({ ...of, index, plan, line });
  }
}

/** A chord has no call of its own: its failure is told as that of the call with which its body begins, to those of all. */
function leadOf([first, ...rest]: Sequence): Lead | undefined {
  if (first === undefined) return undefined;
  if (first.kind === "call") return first.step === null ? undefined : { owner: first.step.label, ...first };
  const isAwaited = rest.some((each) => each.kind === "side by side" || each.step !== null);
  if (isAwaited) return leadOf(rest);
  const leads = first.members.flatMap((each) => leadOf(each) ?? []);
  const errbacks = [...new Set(leads.flatMap((each) => each.errbacks))];
  return leads
    .slice(0, 1)
    .map(({ owner }) => ({ owner, errbacks }))
    .at(0);
}

function chordLoss({ line, out }: Followed): Loss {
  const [end] = line.slice(-1);
  if (end === undefined || !("loss" in out)) throw new Error("Only a member that was lost fails its chord");
  const member = { fate: end, reason: out.loss.reason };
  return { state: "FAILURE", reason: { type: "ChordError", message: null, member } };
}

function collected(out: Incoming): unknown {
  if ("loss" in out && !out.isIgnored) return { state: out.loss.state, error: { exc_type: out.loss.reason.type } };
  return { state: "SUCCESS", result: valueIn(out) };
}

function valueIn(out: Incoming): unknown {
  return "loss" in out ? null : out.values[0];
}

interface StepEnd {
  readonly end: End;
  readonly isIgnored: boolean;
}

function endOf(step: StepPlan, given: readonly unknown[], winners: Winners): StepEnd {
  if (step.ending.how === "ignores") return { end: { state: "SUCCESS", value: null }, isIgnored: true };
  const nth = winners.get(step.label) ?? 0;
  return {
    end: lossOf(step, marked(step.label, nth)) ?? { state: "SUCCESS", value: valueOf(step, given, nth) },
    isIgnored: false,
  };
}

function lossOf({ ending }: StepPlan, mark: string): Loss | undefined {
  const isAuto = "auto" in ending && ending.auto;
  const losses: Readonly<Partial<Record<Ending["how"], Loss>>> = {
    fails: failed("RangeError", `too far: ${mark}`),
    exhausts: isAuto ? failed("Flaky", `not now: ${mark}`) : failed("MaxRetriesExceededError", null),
    rejects: failed("Reject", `unwanted: ${mark}`),
    unknown: failed("NotRegistered", "property.unknown"),
    revoked: revoked("revoked"),
    expires: revoked("expired"),
  };
  return losses[ending.how];
}

function failed(type: string, message: string | null): Loss {
  return { state: "FAILURE", reason: { type, message } };
}

function revoked(message: string): Loss {
  return { state: "REVOKED", reason: { type: "TaskRevokedError", message } };
}

function attemptsOf({ ending }: StepPlan): readonly Attempts[] {
  const times = "times" in ending ? ending.times : 0;
  const once = [{ retries: 0, least: 1, most: 1 }];
  const each = Array.from({ length: times + 1 }, (_, retries) => ({ retries, least: 1, most: 1 }));
  // A first attempt that a fault keeps away for long enough comes too late itself.
  const perhaps = [{ retries: 0, least: 0, most: 1 }];
  const attempts: Readonly<Record<Ending["how"], readonly Attempts[]>> = {
    returns: once,
    fails: once,
    ignores: once,
    rejects: once,
    retries: each,
    exhausts: each,
    requeues: [{ retries: 0, least: times + 1, most: times + 1 }],
    expires: "when" in ending && ending.when === "at once" ? [] : perhaps,
    revoked: [],
    unknown: [],
  };
  return attempts[ending.how];
}
