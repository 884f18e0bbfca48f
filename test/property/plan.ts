/**
 * A canvas as plain data: what the generator makes, the builder turns into signatures, the oracle evaluates and the
 * printer writes down as code.
 *
 * @module
 */

/** A canvas, or a part of one. */
export type Plan = StepPlan | ChainPlan | GroupPlan | ChordPlan;

/** One call. */
export interface StepPlan {
  readonly kind: "step";
  /** Unlike every other label of the canvas. */
  readonly label: string;
  readonly ending: Ending;
  /** Takes nothing from the step before it. */
  readonly immutable: boolean;
  /** Has an id of its own, `idOf(run, label)`, instead of one that is derived from its place. */
  readonly named: boolean;
  /** Is due a while after it is sent. */
  readonly later: boolean;
  /** Its body takes time, longer than a lease, and shows how far it is. */
  readonly slow: boolean;
  /** Has an argument that is too long for a message. */
  readonly large: boolean;
  readonly manner: Manner;
  /** Sent with its value when it succeeds. */
  readonly link: readonly Plan[];
  /** Sent with its failure when it fails. */
  readonly linkError: readonly Plan[];
}

/**
 * How a step is served: plainly; acknowledged before it runs; at a limited rate; from a queue of its own; with its result
 * ignored, altogether or but for errors; or as a task that was declared as an errback.
 */
export type Manner = "plain" | "early" | "limited" | "elsewhere" | "silent" | "careful" | "errback";

/** One after the other. */
export interface ChainPlan {
  readonly kind: "chain";
  /** At least one. */
  readonly steps: readonly Plan[];
  /** Written as `a.pipe(b)` instead of `chain(a, b)`. */
  readonly piped: boolean;
  readonly linkError: readonly Plan[];
}

/** Side by side. */
export interface GroupPlan {
  readonly kind: "group";
  readonly members: readonly Plan[];
  /** Its members start one after the other. */
  readonly skewed: boolean;
  readonly linkError: readonly Plan[];
}

/** Side by side, then a body. */
export interface ChordPlan {
  readonly kind: "chord";
  /** A list of members, or one canvas in the header's place. */
  readonly header: readonly Plan[] | Plan;
  readonly body: Plan;
  readonly onError: "fail" | "collect";
  readonly linkError: readonly Plan[];
}

/** How a step ends. */
export type Ending =
  | { readonly how: "returns"; readonly value: "text" | "list" | "null" | "long" }
  | { readonly how: "fails" }
  /** Fails so many times, is retried (by `task.retry()`, or by `autoretryFor`), then returns. */
  | { readonly how: "retries"; readonly times: number; readonly auto: boolean }
  /** Fails as often as it is run, so many retries being allowed. */
  | { readonly how: "exhausts"; readonly times: number; readonly auto: boolean }
  /** After it has shown a state of its own, or none. */
  | { readonly how: "ignores"; readonly own: boolean }
  | { readonly how: "rejects" }
  /** Rejects with requeue so many times, then returns. */
  | { readonly how: "requeues"; readonly times: number }
  /** Rejects with requeue as often as it is run, so many times being allowed. */
  | { readonly how: "puts back"; readonly times: number }
  /** Is retried so many times, then replaced by a canvas. */
  | { readonly how: "replaced"; readonly times: number; readonly by: Plan }
  /** Adds members to its chord, if it is in one, is retried so many times, adding them again, and then returns or fails. */
  | { readonly how: "adds"; readonly members: readonly Plan[]; readonly times: number; readonly fails: boolean }
  /** One call for so many items, of which one may fail: the first. */
  | { readonly how: "maps"; readonly over: Over; readonly items: number; readonly fails: boolean }
  /** Revoked before the canvas is sent, or just after, before anything is delivered. */
  | { readonly how: "revoked"; readonly when: "before" | "waiting" }
  /** Has expired when it is sent, or, retried, comes too late. */
  | { readonly how: "expires"; readonly when: "at once" | "between retries" }
  | { readonly how: "unknown" };

/** The endings of one kind. */
export type EndingOf<How extends Ending["how"]> = Extract<Ending, { readonly how: How }>;

/** Ways to run a task for each of many items. */
export type Over = "map" | "starmap" | "chunks";

/** A canvas and how it is sent. */
export interface Canvas {
  readonly plan: Plan;
  /** Given to `delay()`; nothing when null. */
  readonly input: string | null;
  /** Given by name to whatever starts; nothing when null. */
  readonly named: string | null;
  /** On every call that is in it; none when null. */
  readonly stamp: string | null;
}

/** All steps of a plan, callbacks and errbacks included. */
function stepsIn(plan: Plan): readonly StepPlan[] {
  return [...(plan.kind === "step" ? [plan] : []), ...partsOf(plan).flatMap(stepsIn)];
}

/** What a plan is directly made of, what is linked to it included, and what it sends itself. */
export function partsOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case "step":
      return [...partsOfEnding(plan.ending), ...plan.link, ...plan.linkError];
    case "chain":
      return [...plan.steps, ...plan.linkError];
    case "group":
      return [...plan.members, ...plan.linkError];
    case "chord":
      return [plan.header, plan.body, plan.linkError].flat();
  }
}

/** Whether there is a step in a plan, beside what is told of failures. */
export function hasStep(plan: Plan): boolean {
  return plan.kind === "step" || partsOf(plan).some((each) => !plan.linkError.includes(each) && hasStep(each));
}

/** A plan and all that is written in it: not what its bodies send. */
export function writtenIn(plan: Plan): readonly Plan[] {
  const sent = plan.kind === "step" ? partsOfEnding(plan.ending) : [];
  return [
    plan,
    ...partsOf(plan)
      .filter((each) => !sent.includes(each))
      .flatMap(writtenIn),
  ];
}

/** The same as what can take a step's place: what bears the step's id cannot be revoked by an id of its own. */
export function asReplacement(plan: Plan): Plan {
  return withEnd(plan, (step) => (step.ending.how === "revoked" ? { ...step, ending: { how: "fails" } } : step));
}

/** The same with another step at its end, if it ends in one. */
export function withEnd(plan: Plan, change: (step: StepPlan) => StepPlan): Plan {
  switch (plan.kind) {
    case "step":
      return change(plan);
    case "chain":
      return {
        ...plan,
        steps: [...plan.steps.slice(0, -1), ...plan.steps.slice(-1).map((end) => withEnd(end, change))],
      };
    case "group":
      return plan;
    case "chord":
      return { ...plan, body: withEnd(plan.body, change) };
  }
}

function partsOfEnding(ending: Ending): readonly Plan[] {
  if (ending.how === "replaced") return [ending.by];
  return ending.how === "adds" ? ending.members : [];
}

/** Whether a chain is written with `pipe`; one of a single step cannot be. */
export function isPiped({ piped, steps }: ChainPlan): boolean {
  return piped && steps.length > 1;
}

/** How many levels a plan has: 1 for a step; what is linked does not count. */
export function depthOf(plan: Plan): number {
  switch (plan.kind) {
    case "step":
      return 1;
    case "chain":
      return 1 + Math.max(0, ...plan.steps.map(depthOf));
    case "group":
      return 1 + Math.max(0, ...plan.members.map(depthOf));
    case "chord":
      return 1 + Math.max(0, ...[plan.header, plan.body].flat().map(depthOf));
  }
}

/** Id of a step that has one of its own. */
export function idOf(run: string, label: string): string {
  return `${run}.${label}`;
}

/** Ids of the steps that are to be revoked before the canvas is sent, or just after. */
export function revokedIn(plan: Plan, when: "before" | "waiting", run: string): readonly string[] {
  return stepsIn(plan)
    .filter(({ ending }) => ending.how === "revoked" && ending.when === when)
    .map(({ label }) => idOf(run, label));
}
