/**
 * Random canvases: every primitive in every place that takes one, with steps that end in every way.
 *
 * @module
 */

import * as fc from "fast-check";
import { addingStep, anyStep, oneIn, someErrbacks, weighted } from "./generate-steps.ts";
import { labelled } from "./label.ts";
import { type Canvas, partsOf as partsIn, type Plan } from "./plan.ts";

/** What a driver can do. */
export interface GenerateOptions {
  /** Levels of a canvas, 1 being a step alone. */
  readonly depth?: number;
}

/** Any canvas. */
export function canvases({ depth = 6 }: GenerateOptions = {}): fc.Arbitrary<Canvas> {
  const plan = fc.integer({ min: 1, max: depth }).chain((levels) => planOf(levels, anyStep(planOf)));
  return fc
    .record({ plan, input: given("given", 6), named: given("by name", 2), stamp: given("stamped", 2) })
    .map(({ plan: drawn, input, named, stamp }) => {
      const closed = isClosed(drawn);
      return { plan: labelled(drawn), stamp, input: closed ? null : input, named: closed ? null : named };
    });
}

function given(value: string, often: number): fc.Arbitrary<string | null> {
  return weighted<string | null>([often, fc.constant(value)], [6, fc.constant(null)]);
}

/** A call that takes no arguments. */
function isClosed(plan: Plan): boolean {
  return plan.kind === "step" && (plan.immutable || plan.ending.how === "maps" || plan.ending.how === "unknown");
}

/** A plan of about so many levels, made of such steps. */
function planOf(levels: number, step: fc.Arbitrary<Plan>): fc.Arbitrary<Plan> {
  if (levels <= 1) return step;
  const inner = fc.integer({ min: 0, max: 2 }).chain((skipped) => planOf(levels - 1 - skipped, step));
  const deep = planOf(levels - 1, step);
  return weighted([3, chainOf(inner, deep)], [2, groupOf(inner, deep)], [3, chordOf(inner, deep)]);
}

/** Parts in any order, one of them as deep as the whole is to be, so that depth does not die out. */
function partsOf(inner: fc.Arbitrary<Plan>, deep: fc.Arbitrary<Plan>): fc.Arbitrary<readonly Plan[]> {
  return fc
    .record({ others: fc.array(inner, { maxLength: 2 }), one: deep, place: fc.nat({ max: 2 }) })
    .map(({ others, one, place }) => others.toSpliced(place, 0, one));
}

function chainOf(inner: fc.Arbitrary<Plan>, deep: fc.Arbitrary<Plan>): fc.Arbitrary<Plan> {
  return fc.record({
    kind: fc.constant("chain"),
    steps: partsOf(inner, deep),
    piped: fc.boolean(),
    linkError: someErrbacks,
  });
}

function groupOf(inner: fc.Arbitrary<Plan>, deep: fc.Arbitrary<Plan>): fc.Arbitrary<Plan> {
  return fc
    .record({ members: membersOf(inner, deep), skewed: oneIn(4), linkError: someErrbacks })
    .map(({ members, skewed, linkError }) => ({
      kind: "group",
      members,
      skewed: skewed && !members.some(mayExpire),
      linkError,
    }));
}

/** What has expired when it is due is refused where it is sent. */
function mayExpire(plan: Plan): boolean {
  return (plan.kind === "step" && plan.ending.how === "expires") || partsIn(plan).some(mayExpire);
}

function chordOf(inner: fc.Arbitrary<Plan>, deep: fc.Arbitrary<Plan>): fc.Arbitrary<Plan> {
  const list = membersOf(inner, deep);
  const growing = fc.tuple(list, addingStep(planOf)).map((parts) => parts.flat());
  return fc.record({
    kind: fc.constant("chord"),
    header: weighted<readonly Plan[] | Plan>([9, list], [1, growing], [3, deep]),
    body: inner,
    onError: weighted([4, fc.constant("fail" as const)], [1, fc.constant("collect" as const)]),
    linkError: someErrbacks,
  });
}

/** Now and then nobody. */
function membersOf(inner: fc.Arbitrary<Plan>, deep: fc.Arbitrary<Plan>): fc.Arbitrary<readonly Plan[]> {
  return weighted<readonly Plan[]>([8, partsOf(inner, deep)], [1, fc.constant([])]);
}
