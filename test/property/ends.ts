/**
 * How a single step ends, by delivery.md 14, and how often its body may begin.
 *
 * @module
 */

import type { Fate } from "./fate.ts";
import type { Ending, StepPlan } from "./plan.ts";
import { mappedValue, marked, ownState, valueOf } from "./value.ts";

/** How a call ends. */
export type End = { readonly state: "SUCCESS" | typeof ownState; readonly value: unknown } | Loss;

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

/** Beginnings of the attempts with so many retries. */
export interface Attempts {
  readonly retries: number;
  readonly least: number;
  /** But for those that were cut off. */
  readonly most: number;
}

/** What chance has decided. */
export interface Luck {
  /**
   * Which beginning of a step's body came to the value that is stored, from 0: the same one has to be in every value behind
   * it.
   */
  readonly winners: ReadonlyMap<string, number>;
  /** Steps that were acknowledged before they ran, and whose worker died. */
  readonly lost: ReadonlySet<string>;
}

/** How a step comes to its end that is not replaced. */
export interface StepEnd {
  readonly end: End;
  readonly isIgnored: boolean;
}

/** How a step ends that was given this; `isMember`: what it adds to its chord is taken. */
export function endOf(step: StepPlan, given: readonly unknown[], { winners, lost, isMember }: EndOptions): StepEnd {
  const { ending, label, manner } = step;
  if (manner === "early" && lost.has(label)) return { end: failed("WorkerLostError", null), isIgnored: false };
  if (ending.how === "ignores") return { end: ignoredEnd(ending), isIgnored: true };
  if (ending.how === "adds" && !isMember && ending.members.length > 0) {
    return { end: failed("ValueError", null), isIgnored: false };
  }
  const nth = winners.get(label) ?? 0;
  const end = lossOf(step, marked(label, nth)) ?? { state: "SUCCESS", value: ownValue(step, given, nth) };
  return { end, isIgnored: false };
}

/** What decides it besides. */
export interface EndOptions extends Luck {
  readonly isMember: boolean;
}

function ignoredEnd({ own }: Extract<Ending, { readonly how: "ignores" }>): End {
  return own ? { state: ownState, value: null } : { state: "SUCCESS", value: null };
}

function ownValue(step: StepPlan, given: readonly unknown[], nth: number): unknown {
  return step.ending.how === "maps" ? mappedValue(step.label, step.ending) : valueOf(step, given, nth);
}

function lossOf({ ending }: StepPlan, mark: string): Loss | undefined {
  const isAuto = "auto" in ending && ending.auto;
  const tooFar = failed("RangeError", `too far: ${mark}`);
  const losses: Readonly<Partial<Record<Ending["how"], Loss>>> = {
    fails: tooFar,
    adds: tooFar,
    maps: "over" in ending && ending.over === "chunks" ? failed("ChordError", null) : failed("RangeError", null),
    exhausts: isAuto ? failed("Flaky", `not now: ${mark}`) : failed("MaxRetriesExceededError", null),
    rejects: failed("Reject", `unwanted: ${mark}`),
    "puts back": failed("Reject", `unwanted: ${mark}`),
    unknown: failed("NotRegistered", "property.unknown"),
    revoked: revoked("revoked"),
    expires: revoked("expired"),
  };
  return "fails" in ending && !ending.fails ? undefined : losses[ending.how];
}

function failed(type: string, message: string | null): Loss {
  return { state: "FAILURE", reason: { type, message } };
}

/** The end of what was revoked, for this reason. */
export function revoked(message: string): Loss {
  return { state: "REVOKED", reason: { type: "TaskRevokedError", message } };
}

/** How often the body of a step begins that is not kept from it. */
export function attemptsOf(step: StepPlan, { lost, isMember }: Omit<EndOptions, "winners">): readonly Attempts[] {
  const { ending, label, manner } = step;
  const attempts = ending.how === "adds" && !isMember ? once : planned(ending);
  // Whose worker dies may not have come to its body, and comes to no further attempt.
  return manner === "early" && lost.has(label) ? attempts.map((each) => ({ ...each, least: 0 })) : attempts;
}

const once: readonly Attempts[] = [{ retries: 0, least: 1, most: 1 }];

function planned(ending: Ending): readonly Attempts[] {
  const times = "times" in ending ? ending.times : 0;
  const each = Array.from({ length: times + 1 }, (_, retries) => ({ retries, least: 1, most: 1 }));
  const again = [{ retries: 0, least: times + 1, most: times + 1 }];
  // A first attempt that a fault keeps away for long enough comes too late itself.
  const perhaps = [{ retries: 0, least: 0, most: 1 }];
  const attempts: Readonly<Record<Ending["how"], readonly Attempts[]>> = {
    returns: once,
    fails: once,
    ignores: once,
    rejects: once,
    retries: each,
    exhausts: each,
    requeues: again,
    "puts back": again,
    replaced: each,
    adds: each,
    expires: "when" in ending && ending.when === "at once" ? [] : perhaps,
    revoked: [],
    unknown: [],
    maps: [],
  };
  return attempts[ending.how];
}
