/**
 * What there is in a canvas, and how much of it there has to be in many.
 *
 * @module
 */

import { type Canvas, depthOf, type Plan, partsOf } from "./plan.ts";

/** What a canvas is made of, and how its steps end; each is to be in at least a twentieth of the cases. */
export const canvasFloors: readonly string[] = [
  ["step", "chain", "group", "chord", "chord that collects", "empty group", "group of one", "piped chain"],
  ["link", "linkError", "immutable", "named", "later", "slow"],
  ["returns", "fails", "retries", "exhausts", "ignores", "rejects", "requeues", "unknown"],
  ["revoked before", "revoked waiting", "expires at once", "expires between retries"],
].flat();

/** Counted as deep from so many levels on; a fifth of the cases are to be. */
const deep = "depth of 4 or more";

/** In how many cases each thing was. */
export type Counts = ReadonlyMap<string, number>;

/** What there is in a canvas. */
export function featuresOf({ plan }: Canvas): readonly string[] {
  return [...(depthOf(plan) >= 4 ? [deep] : []), ...featuresIn(plan)];
}

/** Counts what was in each case, once, however often it was there. */
export function countCases(cases: readonly (readonly string[])[]): Counts {
  const counts = new Map<string, number>();
  for (const what of cases.flatMap((each) => [...new Set(each)])) counts.set(what, (counts.get(what) ?? 0) + 1);
  return counts;
}

/** What there was too little of among so many cases: a sentence each. */
export function shortfalls(counts: Counts, floors: readonly string[], cases: number): readonly string[] {
  const least = new Map([[deep, cases / 5], ...floors.map((what) => [what, cases / 20] as const)]);
  return [...least].flatMap(([what, floor]) => {
    const count = counts.get(what) ?? 0;
    return count < floor ? [`${what}: ${count} of ${cases} cases`] : [];
  });
}

/** The counts in a line. */
export function printCounts(counts: Counts): string {
  return JSON.stringify(Object.fromEntries(counts));
}

function featuresIn(plan: Plan): readonly string[] {
  return [plan.kind, ...ownFeatures(plan), ...partsOf(plan).flatMap(featuresIn)];
}

function ownFeatures(plan: Plan): readonly string[] {
  const told = plan.linkError.length > 0 ? ["linkError"] : [];
  switch (plan.kind) {
    case "step": {
      const { ending, link } = plan;
      const flags = (["immutable", "named", "later", "slow"] as const).filter((flag) => plan[flag]);
      const when = "when" in ending ? ` ${ending.when}` : "";
      return [...told, ...flags, ...(link.length > 0 ? ["link"] : []), ending.how + when];
    }
    case "chain":
      return [...told, ...(plan.piped ? ["piped chain"] : [])];
    case "group":
      return [...told, ...["empty group", "group of one"].slice(plan.members.length).slice(0, 1)];
    case "chord":
      return [...told, ...(plan.onError === "collect" ? ["chord that collects"] : [])];
  }
}
