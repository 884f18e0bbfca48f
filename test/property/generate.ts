/**
 * Random canvases: every primitive in every place that takes one, with steps that end in every way.
 *
 * @module
 */

import * as fc from "fast-check";
import type { Canvas, Ending, Plan, StepPlan } from "./plan.ts";
import { mostRetries } from "./steps.ts";

/** What a driver can do. */
export interface GenerateOptions {
  /** Levels of a canvas, 1 being a step alone. */
  readonly depth?: number;
}

/** Any canvas. */
export function canvases({ depth = 6 }: GenerateOptions = {}): fc.Arbitrary<Canvas> {
  const plan = fc.integer({ min: 1, max: depth }).chain((levels) => planOf(levels, anyStep));
  return fc
    .record({ plan, input: fc.option(fc.constant("given"), { freq: 2 }) })
    .map(({ plan: drawn, input }) => ({ plan: labelled(drawn), input: isClosed(drawn) ? null : input }));
}

/** An immutable call takes no input. */
function isClosed(plan: Plan): boolean {
  return plan.kind === "step" && plan.immutable;
}

/** A plan of about so many levels, made of such steps. */
function planOf(levels: number, step: fc.Arbitrary<Plan>): fc.Arbitrary<Plan> {
  if (levels <= 1) return step;
  const inner = fc.integer({ min: 0, max: 2 }).chain((skipped) => planOf(levels - 1 - skipped, step));
  const deep = planOf(levels - 1, step);
  return fc.oneof(
    { arbitrary: chainOf(inner, deep), weight: 3 },
    { arbitrary: groupOf(inner, deep), weight: 2 },
    { arbitrary: chordOf(inner, deep), weight: 3 },
  );
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
  return fc.record({ kind: fc.constant("group"), members: membersOf(inner, deep), linkError: someErrbacks });
}

function chordOf(inner: fc.Arbitrary<Plan>, deep: fc.Arbitrary<Plan>): fc.Arbitrary<Plan> {
  const list = membersOf(inner, deep);
  return fc.record({
    kind: fc.constant("chord"),
    header: fc.oneof({ arbitrary: list, weight: 3 }, { arbitrary: deep, weight: 1 }),
    body: inner,
    onError: fc.oneof({ arbitrary: fc.constant("fail"), weight: 4 }, { arbitrary: fc.constant("collect"), weight: 1 }),
    linkError: someErrbacks,
  });
}

/** Now and then nobody. */
function membersOf(inner: fc.Arbitrary<Plan>, deep: fc.Arbitrary<Plan>): fc.Arbitrary<readonly Plan[]> {
  return fc.oneof({ arbitrary: partsOf(inner, deep), weight: 8 }, { arbitrary: fc.constant([]), weight: 1 });
}

const returns: fc.Arbitrary<Ending> = fc.record({
  how: fc.constant("returns"),
  value: fc.oneof(
    { arbitrary: fc.constant("text"), weight: 6 },
    { arbitrary: fc.constantFrom("list", "null"), weight: 1 },
  ),
});

const retries: fc.Arbitrary<Ending> = fc.record({
  how: fc.constant("retries"),
  times: fc.integer({ min: 1, max: mostRetries }),
  auto: fc.boolean(),
});

const exhausts: fc.Arbitrary<Ending> = fc.oneof(
  fc.record({ how: fc.constant("exhausts"), times: fc.nat({ max: mostRetries }), auto: fc.constant(false) }),
  fc.record({ how: fc.constant("exhausts"), times: fc.constant(mostRetries), auto: fc.constant(true) }),
);

const requeues: fc.Arbitrary<Ending> = fc.record({
  how: fc.constant("requeues"),
  times: fc.integer({ min: 1, max: 2 }),
});

const plain = (...hows: readonly ("fails" | "ignores" | "rejects" | "unknown")[]): fc.Arbitrary<Ending> =>
  fc.record({ how: fc.constantFrom(...hows) });

const withdrawn: fc.Arbitrary<Ending> = fc.oneof(
  fc.record({ how: fc.constant("revoked"), when: fc.constantFrom("before", "waiting") }),
  fc.record({ how: fc.constant("expires"), when: fc.constantFrom("at once", "between retries") }),
);

/** Most steps return, so that a canvas gets somewhere. */
const anyEnding = fc.oneof(
  { arbitrary: returns, weight: 24 },
  { arbitrary: retries, weight: 3 },
  { arbitrary: requeues, weight: 2 },
  { arbitrary: exhausts, weight: 1 },
  { arbitrary: plain("fails", "ignores", "rejects", "unknown"), weight: 3 },
  { arbitrary: withdrawn, weight: 3 },
);

/** An errback may be sent more than once, for several calls: nothing is said of it by its id. */
const errbackEnding = fc.oneof(
  { arbitrary: returns, weight: 6 },
  { arbitrary: retries, weight: 1 },
  { arbitrary: plain("fails", "ignores"), weight: 1 },
);

const errbackStep: fc.Arbitrary<Plan> = fc
  .record({ ending: errbackEnding, immutable: fc.boolean() })
  .map(({ ending, immutable }) => stepOf({ ending, immutable }));

const errback: fc.Arbitrary<Plan> = fc.oneof(
  { arbitrary: errbackStep, weight: 4 },
  {
    arbitrary: fc
      .tuple(errbackStep, errbackStep)
      .map((steps): Plan => ({ kind: "chain", steps, piped: false, linkError: [] })),
    weight: 1,
  },
);

const someErrbacks: fc.Arbitrary<readonly Plan[]> = fc.oneof(
  { arbitrary: fc.constant([]), weight: 7 },
  { arbitrary: fc.array(errback, { minLength: 1, maxLength: 2 }), weight: 1 },
);

/** A callback is sent once: its steps have ids of their own, so that all of them can be asked after. */
const callbackStep: fc.Arbitrary<Plan> = fc
  .record({ ending: anyEnding, immutable: fc.boolean() })
  .map(({ ending, immutable }) => stepOf({ ending, immutable, named: true }));

const someCallbacks: fc.Arbitrary<readonly Plan[]> = fc.oneof(
  { arbitrary: fc.constant([]), weight: 9 },
  {
    arbitrary: fc.array(
      fc.integer({ min: 1, max: 3 }).chain((levels) => planOf(levels, callbackStep)),
      { minLength: 1, maxLength: 2 },
    ),
    weight: 1,
  },
);

const anyStep: fc.Arbitrary<Plan> = fc
  .record({
    ending: anyEnding,
    immutable: oneIn(4),
    named: oneIn(4),
    later: oneIn(6),
    slow: oneIn(6),
    link: someCallbacks,
    linkError: someErrbacks,
  })
  .map(stepOf);

function oneIn(count: number): fc.Arbitrary<boolean> {
  return fc.nat({ max: count - 1 }).map((drawn) => drawn === count - 1);
}

/** A step that can be revoked has to have an id that is known before; one that is due after it expires is refused. */
function stepOf(drawn: Partial<StepPlan> & Pick<StepPlan, "ending">): StepPlan {
  const { ending, named = false, later = false } = drawn;
  return {
    kind: "step",
    label: "",
    immutable: false,
    slow: false,
    link: [],
    linkError: [],
    ...drawn,
    named: named || ending.how === "revoked",
    later: later && ending.how !== "expires",
  };
}

/** The same plan with a label on each step: a, b, ... z, a1, b1, ... in the order in which they are written. */
function labelled(plan: Plan): Plan {
  let count = 0;
  return label(plan);

  function label(part: Plan): Plan {
    switch (part.kind) {
      case "step": {
        const own = nameOf(count++);
        return { ...part, label: own, link: part.link.map(label), linkError: part.linkError.map(label) };
      }
      case "chain":
        return { ...part, steps: part.steps.map(label), linkError: part.linkError.map(label) };
      case "group":
        return { ...part, members: part.members.map(label), linkError: part.linkError.map(label) };
      case "chord":
        return { ...part, header: headerOf(part.header), body: label(part.body), linkError: part.linkError.map(label) };
    }
  }

  function headerOf(header: readonly Plan[] | Plan): readonly Plan[] | Plan {
    return "kind" in header ? label(header) : header.map(label);
  }
}

function nameOf(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}
