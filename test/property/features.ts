/**
 * What there is in a canvas, and how much of it there has to be in many.
 *
 * @module
 */

import { type Canvas, depthOf, type Ending, type EndingOf, type Plan, partsOf, type StepPlan } from "./plan.ts";

/** What a canvas is made of, and how its steps end; each is to be in at least a twentieth of the cases. */
export const canvasFloors: readonly string[] = [
  ["step", "chain", "group", "chord", "chord that collects", "empty group", "group of one", "piped chain"],
  ["skewed group", "link", "linkError", "immutable", "named", "later", "slow", "large", "stamped", "by name"],
  ["early", "limited", "elsewhere", "silent", "careful", "errback"],
  ["returns", "fails", "retries", "exhausts", "ignores", "rejects", "requeues", "puts back", "unknown"],
  ["revoked before", "revoked waiting", "expires at once", "expires between retries"],
  ["replaced", "replaced by a canvas", "adds", "map", "starmap", "chunks"],
].flat();

/** Counted as deep from so many levels on; a fifth of the cases are to be. */
const deep = "depth of 4 or more";

/** In how many cases each thing was. */
export type Counts = ReadonlyMap<string, number>;

/** Rare as they are, each has to be in a hundredth of the cases. */
const rare: readonly string[] = [
  [
    "revoked later",
    "replaced after a retry",
    "replaced twice",
    "adds in its chord",
    "adds and fails",
    "adds and retries",
  ],
  ["fails among items", "ignores on its own", "returns long"],
].flat();

/** What there is in a canvas. */
export function featuresOf({ plan, named, stamp }: Canvas): readonly string[] {
  const sent = [...(named === null ? [] : ["by name"]), ...(stamp === null ? [] : ["stamped"])];
  return [...(depthOf(plan) >= 4 ? [deep] : []), ...sent, ...featuresIn(plan)];
}

/** Counts what was in each case, once, however often it was there. */
export function countCases(cases: readonly (readonly string[])[]): Counts {
  const counts = new Map<string, number>();
  for (const what of cases.flatMap((each) => [...new Set(each)])) counts.set(what, (counts.get(what) ?? 0) + 1);
  return counts;
}

/** What there was too little of among so many cases: a sentence each. */
export function shortfalls(counts: Counts, floors: readonly string[], cases: number): readonly string[] {
  const least = new Map([
    [deep, cases / 5],
    ...floors.map((what) => [what, cases / 20] as const),
    ...rare.map((what) => [what, Math.floor(cases / 100)] as const),
  ]);
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

/** Those of these things that are there. */
function those(present: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.keys(present).filter((name) => present[name] === true);
}

function ownFeatures(plan: Plan): readonly string[] {
  return [...those({ linkError: plan.linkError.length > 0 }), ...featuresOfKind(plan)];
}

function featuresOfKind(plan: Plan): readonly string[] {
  switch (plan.kind) {
    case "step":
      return [...stepFeatures(plan), ...endingFeatures(plan)];
    case "chain":
      return those({ "piped chain": plan.piped });
    case "group": {
      const { members, skewed } = plan;
      return those({
        "empty group": members.length === 0,
        "group of one": members.length === 1,
        "skewed group": skewed,
      });
    }
    case "chord":
      return those({
        "chord that collects": plan.onError === "collect",
        "adds in its chord": [plan.header].flat().some(isAdding),
      });
  }
}

function isAdding(plan: Plan): boolean {
  return plan.kind === "step" && plan.ending.how === "adds";
}

function stepFeatures(plan: StepPlan): readonly string[] {
  const { immutable, named, later, slow, large, link, manner } = plan;
  return [...those({ immutable, named, later, slow, large, link: link.length > 0 }), manner];
}

/** By its name, or by how it comes about. */
function endingFeatures({ ending, later }: StepPlan): readonly string[] {
  if (ending.how === "replaced") return replacedFeatures(ending);
  if ("when" in ending) return [`${ending.how} ${ending.when}`, ...those({ "revoked later": later })];
  const name = "over" in ending ? ending.over : ending.how;
  return [name, ...those(furtherFeatures(ending))];
}

function furtherFeatures(ending: Ending): Readonly<Record<string, boolean>> {
  if (ending.how === "returns") return { "returns long": ending.value === "long" };
  if (ending.how === "ignores") return { "ignores on its own": ending.own };
  if (ending.how === "maps") return { "fails among items": ending.fails };
  return ending.how === "adds" ? { "adds and fails": ending.fails, "adds and retries": ending.times > 0 } : {};
}

function replacedFeatures({ times, by }: EndingOf<"replaced">): readonly string[] {
  return those({
    replaced: true,
    "replaced after a retry": times > 0,
    "replaced by a canvas": by.kind !== "step",
    "replaced twice": featuresIn(by).includes("replaced"),
  });
}
