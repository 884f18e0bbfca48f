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
  /** Its body takes time: longer than a lease. */
  readonly slow: boolean;
  /** Sent with its value when it succeeds. */
  readonly link: readonly Plan[];
  /** Sent with its failure when it fails. */
  readonly linkError: readonly Plan[];
}

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
  | { readonly how: "returns"; readonly value: "text" | "list" | "null" }
  | { readonly how: "fails" }
  /** Fails so many times, is retried (by `task.retry()`, or by `autoretryFor`), then returns. */
  | { readonly how: "retries"; readonly times: number; readonly auto: boolean }
  /** Fails as often as it is run, so many retries being allowed. */
  | { readonly how: "exhausts"; readonly times: number; readonly auto: boolean }
  | { readonly how: "ignores" }
  | { readonly how: "rejects" }
  /** Rejects with requeue so many times, then returns. */
  | { readonly how: "requeues"; readonly times: number }
  /** Revoked before the canvas is sent, or just after, before anything is delivered. */
  | { readonly how: "revoked"; readonly when: "before" | "waiting" }
  /** Has expired when it is sent, or, retried, comes too late. */
  | { readonly how: "expires"; readonly when: "at once" | "between retries" }
  | { readonly how: "unknown" };

/** A canvas and how it is sent. */
export interface Canvas {
  readonly plan: Plan;
  /** Given to `delay()`; nothing when null. */
  readonly input: string | null;
}

/** All steps of a plan, callbacks and errbacks included. */
function stepsIn(plan: Plan): readonly StepPlan[] {
  return [...(plan.kind === "step" ? [plan] : []), ...partsOf(plan).flatMap(stepsIn)];
}

/** What a plan is directly made of, what is linked to it included. */
export function partsOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case "step":
      return [...plan.link, ...plan.linkError];
    case "chain":
      return [...plan.steps, ...plan.linkError];
    case "group":
      return [...plan.members, ...plan.linkError];
    case "chord":
      return [plan.header, plan.body, plan.linkError].flat();
  }
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
