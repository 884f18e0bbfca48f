/**
 * Random steps: they end in every way, and are served in every manner.
 *
 * @module
 */

import * as fc from "fast-check";
import { asReplacement, type Ending, hasStep, type Manner, type Plan, type StepPlan } from "./plan.ts";
import { mostRequeues, mostRetries } from "./steps.ts";

/** Draws canvases of so many levels that are made of such steps. */
export type DrawPlan = (levels: number, step: fc.Arbitrary<Plan>) => fc.Arbitrary<Plan>;

/** One of these, as often as its weight says. */
export function weighted<Value>(...options: readonly (readonly [number, fc.Arbitrary<Value>])[]): fc.Arbitrary<Value> {
  return fc.oneof(...options.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** Steps that send nothing themselves. */
const simple: fc.Arbitrary<Ending> = weighted<Ending>(
  [
    24,
    fc.record({
      how: fc.constant("returns"),
      value: weighted(
        [6, fc.constant("text" as const)],
        [2, fc.constantFrom("list" as const, "null" as const, "long" as const)],
      ),
    }),
  ],
  [3, fc.record({ how: fc.constant("retries"), times: fc.integer({ min: 1, max: mostRetries }), auto: fc.boolean() })],
  [2, fc.record({ how: fc.constant("requeues"), times: fc.integer({ min: 1, max: 2 }) })],
  [1, fc.record({ how: fc.constant("puts back"), times: fc.constant(mostRequeues) })],
  [1, fc.record({ how: fc.constant("exhausts"), times: fc.nat({ max: mostRetries }), auto: fc.constant(false) })],
  [1, fc.record({ how: fc.constant("exhausts"), times: fc.constant(mostRetries), auto: fc.constant(true) })],
  [2, fc.record({ how: fc.constantFrom("fails", "rejects", "unknown") })],
  [1, fc.record({ how: fc.constant("ignores"), own: fc.boolean() })],
  [1, fc.record({ how: fc.constant("revoked"), when: fc.constantFrom("before", "waiting") })],
  [1, fc.record({ how: fc.constant("expires"), when: fc.constantFrom("at once", "between retries") })],
  [
    4,
    fc
      .record({
        over: fc.constantFrom("map" as const, "starmap" as const, "chunks" as const),
        items: fc.nat({ max: 4 }),
        fails: oneIn(4),
      })
      .map(({ over, items, fails }): Ending => ({ how: "maps", over, items, fails: fails && items > 0 })),
  ],
);

/** An errback may be sent more than once, for several calls: nothing is said of it by its id. */
const errbackEnding: fc.Arbitrary<Ending> = weighted<Ending>(
  [6, fc.record({ how: fc.constant("returns"), value: fc.constant("text") })],
  [1, fc.record({ how: fc.constant("retries"), times: fc.integer({ min: 1, max: mostRetries }), auto: fc.boolean() })],
  [1, fc.constant({ how: "fails" })],
  [1, fc.constant({ how: "ignores", own: false })],
);

const errbackStep: fc.Arbitrary<Plan> = fc
  .record({ ending: errbackEnding, immutable: fc.boolean(), manner: fc.constantFrom("plain", "errback") })
  .map(stepOf);

const errback: fc.Arbitrary<Plan> = weighted(
  [4, errbackStep],
  [
    1,
    fc
      .tuple(errbackStep, errbackStep.map(ordinary))
      .map((steps): Plan => ({ kind: "chain", steps, piped: false, linkError: [] })),
  ],
);

/** Now and then some. */
export const someErrbacks: fc.Arbitrary<readonly Plan[]> = weighted<readonly Plan[]>(
  [7, fc.constant([])],
  [1, fc.array(errback, { minLength: 1, maxLength: 2 })],
);

/** Only what is told of a failure can be an errback. */
function ordinary(step: Plan): Plan {
  return step.kind === "step" ? { ...step, manner: "plain" } : step;
}

const manner: fc.Arbitrary<Manner> = weighted<Manner>(
  [14, fc.constant("plain")],
  [6, fc.constantFrom("early", "limited", "elsewhere", "silent", "careful")],
);

/** Steps of all kinds; what they send themselves and what is linked to them goes so many levels deep. */
export function anyStep(draw: DrawPlan, depth: number = 2): fc.Arbitrary<Plan> {
  return fc
    .record({
      ending: endings(draw, depth),
      manner,
      immutable: oneIn(4),
      named: oneIn(4),
      later: oneIn(6),
      slow: oneIn(6),
      large: oneIn(8),
      link: someCallbacks(draw, depth),
      linkError: someErrbacks,
    })
    .map(stepOf);
}

/** Steps that add members to their chord, if they are in one. */
export function addingStep(draw: DrawPlan): fc.Arbitrary<Plan> {
  return adds(draw, 2).map((ending) => stepOf({ ending }));
}

function endings(draw: DrawPlan, depth: number): fc.Arbitrary<Ending> {
  if (depth === 0) return simple;
  return weighted<Ending>([20, simple], [2, replaced(draw, depth)], [1, adds(draw, depth)]);
}

function replaced(draw: DrawPlan, depth: number): fc.Arbitrary<Ending> {
  return fc.record({
    how: fc.constant("replaced"),
    times: weighted([3, fc.constant(0)], [1, fc.constant(1)]),
    by: inner(draw, depth, [1, 1, 2, 2, 3]).map(asReplacement),
  });
}

function adds(draw: DrawPlan, depth: number): fc.Arbitrary<Ending> {
  return fc.record({
    how: fc.constant("adds"),
    times: weighted([3, fc.constant(0)], [1, fc.constant(1)]),
    fails: oneIn(5),
    // What has no step is refused.
    members: fc.array(inner(draw, depth, [1, 1, 2]).filter(hasStep), { minLength: 1, maxLength: 2 }),
  });
}

/** A callback is sent once: its steps have ids of their own, so that all of them can be asked after. */
function someCallbacks(draw: DrawPlan, depth: number): fc.Arbitrary<readonly Plan[]> {
  if (depth === 0) return fc.constant([]);
  return weighted<readonly Plan[]>(
    [9, fc.constant([])],
    [1, fc.array(inner(draw, depth, [1, 2, 3]), { minLength: 1, maxLength: 2 })],
  );
}

function inner(draw: DrawPlan, depth: number, levels: readonly number[]): fc.Arbitrary<Plan> {
  return fc.constantFrom(...levels).chain((each) => draw(each, anyStep(draw, depth - 1)));
}

/** Yes, once in so many times. */
export function oneIn(count: number): fc.Arbitrary<boolean> {
  return fc.nat({ max: count - 1 }).map((drawn) => drawn === count - 1);
}

function stepOf(drawn: Partial<StepPlan> & Pick<StepPlan, "ending">): StepPlan {
  const { ending, named = false, immutable = false, manner: asked = "plain" } = drawn;
  return {
    kind: "step",
    label: "",
    later: false,
    slow: false,
    large: false,
    link: [],
    linkError: [],
    ...drawn,
    // What is over items takes none, and what is told of a failure takes it.
    immutable: asked === "errback" ? false : immutable,
    ending: asked === "errback" && "auto" in ending ? { ...ending, auto: false } : ending,
    // A step that can be revoked has to have an id that is known before.
    named: named || ending.how === "revoked",
    manner: suited(ending, asked),
    // What has expired when it is due is refused where it is sent.
    ...(ending.how === "expires" ? { later: false } : {}),
  };
}

/** The manner, where an ending can have it. */
function suited(ending: Ending, asked: Manner): Manner {
  const { how } = ending;
  const isOwn = how === "ignores" && ending.own;
  if (how === "maps" || how === "unknown" || how === "puts back" || isOwn)
    return asked === "elsewhere" ? asked : "plain";
  // An end that is lost takes what was added or replaced with it, or not: that would be for chance to say.
  const isSending = how === "adds" || how === "replaced";
  return isSending && !["limited", "elsewhere"].includes(asked) ? "plain" : asked;
}
