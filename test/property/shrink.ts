/**
 * Finds the smallest canvas that still fails: takes away or replaces one thing after the other, for as long as it does.
 *
 * @module
 */

import { asReplacement, type Canvas, type Ending, type EndingOf, hasStep, type Plan, type StepPlan } from "./plan.ts";

/** Canvases with one thing less, the ones that lose most first. */
export function smaller({ plan, ...sent }: Canvas): readonly Canvas[] {
  const { input, named, stamp } = sent;
  return [
    ...(input === null ? [] : [{ plan, named, stamp, input: null }]),
    ...(named === null ? [] : [{ plan, input, stamp, named: null }]),
    ...(stamp === null ? [] : [{ plan, input, named, stamp: null }]),
    ...smallerPlans(plan).map((each) => ({ plan: each, input, named, stamp })),
  ];
}

/** Milliseconds for which smaller ones are tried: what is found is worth more than that it is the smallest. */
const patience = 60_000;

/** The first of the smaller ones that fails, its first smaller one that fails, and so on, for as long as there is time. */
export async function smallest<Case>(
  found: Case,
  candidates: (found: Case) => readonly Case[],
  fails: (candidate: Case) => Promise<boolean>,
): Promise<Case> {
  const until = Date.now() + patience;
  return await smallestOf(found);

  async function smallestOf(one: Case): Promise<Case> {
    for (const candidate of candidates(one)) {
      if (Date.now() > until) return one;
      if (await fails(candidate)) return await smallestOf(candidate);
    }
    return one;
  }
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
        ...(plan.skewed ? [{ ...plan, skewed: false }] : []),
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
    ...smallerEndings(step.ending).map((ending) => having(step, { ending })),
    ...(step.ending.how === "replaced" ? [step.ending.by] : []),
    ...changes(step.link, 0).map((link) => having(step, { link })),
    ...changes(step.linkError, 0).map((linkError) => having(step, { linkError })),
    ...flags.flatMap((flag) => (step[flag] ? [having(step, { [flag]: false })] : [])),
    ...(step.manner === "plain" ? [] : [{ ...step, manner: "plain" as const }]),
    ...(step.named && step.ending.how !== "revoked" ? [{ ...step, named: false }] : []),
  ];
}

const flags = ["immutable", "later", "slow", "large"] as const;

function smallerEndings(ending: Ending): readonly Ending[] {
  const fewer = "times" in ending && ending.times > 0 && ending.how !== "puts back";
  return [
    ...(ending.how === "replaced" ? smallerPlans(ending.by).map((by) => withBy(ending, asReplacement(by))) : []),
    ...(ending.how === "adds" ? fewerMembers(ending.members).map((members) => withMembers(ending, members)) : []),
    ...(fewer && !("auto" in ending && ending.auto) ? [{ ...ending, times: ending.times - 1 }] : []),
  ];
}

function withBy(ending: EndingOf<"replaced">, by: Plan): Ending {
  return { ...ending, by };
}

function withMembers(ending: EndingOf<"adds">, members: readonly Plan[]): Ending {
  return { ...ending, members };
}

/** What has no step cannot be added. */
function fewerMembers(members: readonly Plan[]): readonly (readonly Plan[])[] {
  return changes(members, 1).filter((fewer) => fewer.every(hasStep));
}
