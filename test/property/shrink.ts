/**
 * Finds the smallest canvas that still fails: takes away or replaces one thing after the other, for as long as it does.
 *
 * @module
 */

import { type Canvas, type Plan, type StepPlan } from "./plan.ts";

/** Canvases with one thing less, the ones that lose most first. */
export function smaller({ plan, input }: Canvas): readonly Canvas[] {
  const plans = smallerPlans(plan).map((each) => ({ plan: each, input }));
  return [...(input === null ? [] : [{ plan, input: null }]), ...plans];
}

/** The first of the smaller ones that fails, its first smaller one that fails, and so on. */
export async function smallest<Case>(
  found: Case,
  candidates: (found: Case) => readonly Case[],
  fails: (candidate: Case) => Promise<boolean>,
): Promise<Case> {
  for (const candidate of candidates(found)) {
    if (await fails(candidate)) return await smallest(candidate, candidates, fails);
  }
  return found;
}

function smallerPlans(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case "step":
      return smallerSteps(plan);
    case "chain":
      return [
        ...plan.steps,
        ...changes(plan.steps, 1).map((steps) => having(plan, { steps })),
        ...changes(plan.linkError, 0).map((linkError) => having(plan, { linkError })),
        ...(plan.piped ? [{ ...plan, piped: false }] : []),
      ];
    case "group":
      return [
        ...plan.members,
        ...changes(plan.members, 0).map((members) => having(plan, { members })),
        ...changes(plan.linkError, 0).map((linkError) => having(plan, { linkError })),
      ];
    case "chord":
      return [
        ...[plan.header].flat(),
        plan.body,
        ...headerChanges(plan.header).map((header) => having(plan, { header })),
        ...smallerPlans(plan.body).map((body) => having(plan, { body })),
        ...changes(plan.linkError, 0).map((linkError) => having(plan, { linkError })),
        ...(plan.onError === "collect" ? [{ ...plan, onError: "fail" as const }] : []),
      ];
  }
}

function having<P extends Plan>(plan: P, change: Partial<P>): P {
  return { ...plan, ...change };
}

function headerChanges(header: readonly Plan[] | Plan): readonly (readonly Plan[] | Plan)[] {
  return "kind" in header ? [[header], ...smallerPlans(header)] : changes(header, 0);
}

/** Lists with one plan less, or with a smaller one. */
function changes(plans: readonly Plan[], fewest: number): readonly (readonly Plan[])[] {
  const without = plans.length > fewest ? plans.map((_, index) => plans.toSpliced(index, 1)) : [];
  const within = plans.flatMap((each, index) => smallerPlans(each).map((one) => plans.with(index, one)));
  return [...without, ...within];
}

function smallerSteps(step: StepPlan): readonly Plan[] {
  const isPlain = step.ending.how === "returns" && step.ending.value === "text";
  return [
    ...(isPlain ? [] : [{ ...step, ending: { how: "returns", value: "text" } as const }]),
    ...changes(step.link, 0).map((link) => having(step, { link })),
    ...changes(step.linkError, 0).map((linkError) => having(step, { linkError })),
    ...(step.immutable ? [{ ...step, immutable: false }] : []),
    ...(step.later ? [{ ...step, later: false }] : []),
    ...(step.slow ? [{ ...step, slow: false }] : []),
    ...(step.named && step.ending.how !== "revoked" ? [{ ...step, named: false }] : []),
  ];
}
