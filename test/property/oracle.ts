/**
 * The oracle: says how every node of a canvas ends, by delivery.md 14 and 15, and how often its body may run.
 *
 * A plain evaluator, written apart from the product and importing nothing of it. What it says holds for every order of
 * events and under every fault, since it is asked about canvases only whose end no order decides, but for what it is told
 * of the luck that steps had.
 *
 * @module
 */

import { attemptsOf, endOf, type Loss, type Luck, revoked } from "./ends.ts";
import { type CallFate, type Fate, isLost, type Line, type Linked, type Prophecy } from "./fate.ts";
import { type Canvas, type Plan, type StepPlan, writtenIn } from "./plan.ts";
import {
  type CallNode,
  inPlaceOf,
  memberOf,
  type Node,
  type Sequence,
  sequenceOf,
  type SideBySide,
} from "./sequence.ts";
import { shown } from "./value.ts";

/** Says what must come of a canvas. */
export function prophesy({ plan, input, named, stamp }: Canvas, luck: Luck): Prophecy {
  const linked: Linked[] = [];
  const written = new Set<Plan>(writtenIn(plan));
  const stampsOf = (step: StepPlan) => (stamp !== null && written.has(step) ? JSON.stringify({ stamp }) : null);
  const start = { values: input === null ? [] : [input], ...(named === null ? {} : { named }) };
  const { line } = follow(sequenceOf(plan), start, { linked, luck, stampsOf, inherited: none, chord: null, before: 0 });
  return { line, linked };
}

/** No stamps, as text. */
const none = "{}";

/** What holds wherever a sequence is. */
interface Setting {
  /** What is sent beside the canvas itself. */
  readonly linked: Linked[];
  readonly luck: Luck;
  /** What a canvas is stamped with is on all that was written in it; null for what its bodies send. */
  readonly stampsOf: (step: StepPlan) => string | null;
  /** Stamps of the call whose place is taken. */
  readonly inherited: string;
  /** What is added to the chord of which the sequence is a member, by its end; null when it is in none. */
  readonly chord: Followed[] | null;
  /** How many attempts there were of the id of the sequence's end before it. */
  readonly before: number;
}

/** What reaches a node: values, and what is given by name to whatever starts; or the reason for which it will never run. */
type Incoming = { readonly values: readonly unknown[]; readonly named?: string } | Doom;

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

function follow(sequence: Sequence, incoming: Incoming, setting: Setting): Followed {
  let at = incoming;
  const line = sequence.map((node, index) => {
    const behind = sequence.slice(index + 1);
    // Only the end of a sequence is what its chord counts, and bears the id that was there before.
    const own = behind.length === 0 ? setting : { ...setting, chord: null, before: 0 };
    const { fate, out } = pass(node, { incoming: at, behind, setting: own });
    at = out;
    return fate;
  });
  return { line, out: at };
}

interface Passing {
  readonly incoming: Incoming;
  readonly behind: Sequence;
  readonly setting: Setting;
}

interface Passed {
  readonly fate: Fate;
  readonly out: Incoming;
}

function pass(node: Node, passing: Passing): Passed {
  return node.kind === "call" ? passCall(node, passing) : passAll(node, passing);
}

function passCall(node: CallNode, { incoming, setting }: Passing): Passed {
  const { step } = node;
  // What takes a call's place is kept for those who wait for that call.
  const keeper = setting.before > 0 ? "plain" : (step?.manner ?? "plain");
  const fate = { ...unborn, node, keeper, stamps: step === null ? "" : (setting.stampsOf(step) ?? setting.inherited) };
  if ("loss" in incoming) return { fate: { ...fate, end: incoming.loss }, out: incoming };
  if (step === null) {
    return passOn({ ...fate, end: { state: "SUCCESS", value: incoming.values[0] }, isOwn: true }, false, setting);
  }
  const given = step.immutable ? [] : [...incoming.values, ...namedIn(incoming)];
  return passStep(fate, { step, given }, setting);
}

function namedIn({ named }: Exclude<Incoming, Doom>): readonly unknown[] {
  return named === undefined ? [] : [{ named }];
}

/** A step that is reached: it runs, and ends as it is to end. */
function passStep(
  fate: Omit<CallFate, "end">,
  { step, given }: { readonly step: StepPlan; readonly given: readonly unknown[] },
  setting: Setting,
): Passed {
  const isMember = setting.chord !== null;
  const attempts = attemptsOf(step, { ...setting.luck, isMember });
  const begun = { ...fate, attempts, given: attempts.length === 0 ? null : shown(given) };
  if (step.ending.how === "replaced") return passReplaced(begun, step.ending, setting);
  const added = additionsOf(step, setting);
  const { end, isIgnored } = endOf(step, given, { ...setting.luck, isMember });
  return passOn({ ...begun, end, isOwn: true, added }, isIgnored, setting);
}

/** A call that never runs. */
const unborn = {
  kind: "call",
  isOwn: false,
  attempts: [],
  given: null,
  replacement: null,
  added: [],
} as const satisfies Partial<CallFate>;

/** How a call has ended: what was linked to it is sent, and what follows it learns of it. */
function passOn(fate: CallFate, isIgnored: boolean, setting: Setting): Passed {
  const { node, end } = fate;
  if (isIgnored) return { fate, out: { loss: revoked("ignored"), isIgnored } };
  if (isLost(end)) {
    tell({ owner: node, errbacks: node.errbacks }, end, setting);
    return { fate, out: { loss: end, isIgnored } };
  }
  send(node.link, { owner: node, role: "link", value: end.value }, setting);
  return { fate, out: { values: [end.value] } };
}

/** What takes a call's place has its id, its place in its chord, and all that was to follow. */
function passReplaced(
  begun: Omit<CallFate, "end">,
  { by, times }: { readonly by: Plan; readonly times: number },
  setting: Setting,
): Passed {
  const attempt = setting.before + times;
  const place = { ...setting, inherited: begun.stamps, before: attempt + 1 };
  const { line, out } = follow(inPlaceOf(by, begun.node), { values: [] }, place);
  const [last] = line.slice(-1);
  if (last?.kind !== "call") throw new Error("What takes the place of a call ends in a call");
  return { fate: { ...begun, end: last.end, replacement: { plan: by, line, attempt } }, out };
}

/** The members that a step adds to its chord come after the header, each followed by what it adds itself. */
function additionsOf({ ending }: StepPlan, { chord, ...setting }: Setting): readonly Line[] {
  if (ending.how !== "adds" || chord === null) return [];
  return ending.members.map((member) => {
    const added: Followed[] = [];
    const followed = follow(memberOf(member), { values: [] }, { ...setting, inherited: none, chord: added, before: 0 });
    chord.push(followed, ...added);
    return followed.line;
  });
}

function passAll({ members, collects }: SideBySide, { incoming, behind, setting }: Passing): Passed {
  const added: Followed[] = [];
  const chord = behind.length > 0 ? added : null;
  const header = members.map((each) => follow(each, incoming, { ...setting, chord, before: 0 }));
  const fate = { kind: "group", members: header.map(({ line }) => line) } as const;
  if ("loss" in incoming) return { fate, out: incoming };
  const all = [...header, ...added];
  if (collects) return { fate, out: { values: [all.map(({ out }) => collected(out))] } };
  const lost = all.find(({ out }) => "loss" in out && !out.isIgnored);
  if (lost === undefined) return { fate, out: { values: [all.map(({ out }) => valueIn(out))] } };
  const loss = chordLoss(lost);
  const lead = leadOf(behind);
  if (lead !== undefined) tell(lead, loss, setting);
  return { fate, out: { loss, isIgnored: false } };
}

/** Who is told of a failure, and as whose. */
interface Lead {
  readonly owner: CallNode;
  readonly errbacks: readonly Plan[];
}

/** Those linked to a call that has failed are told, once each. */
function tell({ owner, errbacks }: Lead, { state, reason }: Loss, setting: Setting): void {
  send(errbacks, { owner, role: "errback", value: { state, excType: reason.type } }, setting);
}

function send(
  plans: readonly Plan[],
  { value, ...of }: Pick<Linked, "owner" | "role"> & { readonly value: unknown },
  setting: Setting,
): void {
  for (const [index, plan] of plans.entries()) {
    const { line } = follow(
      sequenceOf(plan),
      { values: [value] },
      { ...setting, inherited: none, chord: null, before: 0 },
    );
    setting.linked.push({ ...of, index, plan, line });
  }
}

/** A chord has no call of its own: its failure is told as that of the call with which its body begins, to those of all. */
function leadOf([first, ...rest]: Sequence): Lead | undefined {
  if (first === undefined) return undefined;
  if (first.kind === "call") return { owner: first, errbacks: first.errbacks };
  const isAwaited = rest.some((each) => each.kind === "side by side" || each.step !== null);
  if (isAwaited) return leadOf(rest);
  const [lead, ...leads] = [...first.members, rest].flatMap((each) => leadOf(each) ?? []);
  return lead && { ...lead, errbacks: [...new Set([lead, ...leads].flatMap((each) => each.errbacks))] };
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
