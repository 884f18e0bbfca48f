/**
 * Cases for the kit: each a random canvas and the faults that strike it; all from one seed.
 *
 * @module
 */

import * as fc from "fast-check";
import { canvases } from "./generate.ts";
import { type Case, chances, runOnKit } from "./on-kit.ts";
import { depthOf, type Plan, partsOf } from "./plan.ts";
import { printCanvas } from "./print.ts";
import { smaller, smallest } from "./shrink.ts";

/** What a run of many cases came to. */
export interface Tally {
  /** The first case that ended wrongly, made as small as it gets, as a text; undefined when all ended well. */
  readonly failure: string | undefined;
  /** In how many cases each thing was. Faults are counted where they fired. */
  readonly counts: ReadonlyMap<string, number>;
}

/** What is to be in at least a twentieth of the cases. */
export const floors: readonly string[] = [
  ["step", "chain", "group", "chord", "chord that collects", "empty group", "group of one", "piped chain"],
  ["link", "linkError", "immutable", "named", "later", "slow"],
  ["returns", "fails", "retries", "exhausts", "ignores", "rejects", "requeues", "unknown"],
  ["revoked before", "revoked waiting", "expires at once", "expires between retries"],
  ["drop", "duplicate", "delay", "reorder"],
  ["loseAnswer", "resend", "crashBefore", "crashAfter", "leaseDeath", "outage"],
].flat();

/** Counted as deep from so many levels on; a fifth of the cases are to be. */
export const deep = "depth of 4 or more";

/** Runs so many cases, of which the last may be one that fails. */
export async function runCases(count: number, seed: number): Promise<Tally> {
  const counts = new Map<string, number>();
  const drawn = fc.sample(canvases(), { numRuns: count, seed });
  for (const [index, canvas] of drawn.entries()) {
    const each: Case = { canvas, seed: seed + index, faults: chances, concurrency: 1 + (index % 4) };
    const { wrong, fired } = await runOnKit(each);
    if (wrong.length > 0) return { failure: await tell(each, index), counts };
    const seen = new Set([...featuresOf(canvas.plan), ...fired.map(({ fault }) => fault)]);
    if (depthOf(canvas.plan) >= 4) seen.add(deep);
    for (const what of seen) counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return { failure: undefined, counts };
}

function featuresOf(plan: Plan): readonly string[] {
  return [plan.kind, ...ownFeatures(plan), ...partsOf(plan).flatMap(featuresOf)];
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

/** The smallest case that fails as well: with the faults that fired where they fired, as far as that is what it takes. */
async function tell(found: Case, index: number): Promise<string> {
  const { fired } = await runOnKit(found);
  const exact = { ...found, faults: fired };
  const small = (await fails(exact)) ? await smallest(exact, smallerCases, fails) : found;
  const { wrong, fired: struck } = await runOnKit(small);
  const { seed, concurrency, canvas } = small;
  const primary = struck.filter(({ follows }) => follows !== true).map((each) => JSON.stringify(each));
  return [
    `case ${index} ends wrongly; made smaller it is`,
    printCanvas(canvas),
    `with { seed: ${seed}, concurrency: ${concurrency} } and the faults`,
    ...primary,
    "where",
    ...wrong,
  ].join("\n");
}

async function fails(each: Case): Promise<boolean> {
  return (await runOnKit(each)).wrong.length > 0;
}

function smallerCases(each: Case): readonly Case[] {
  const { faults, canvas, concurrency } = each;
  const fewer = Array.isArray(faults) ? faults.map((_, at) => withFaults(each, faults.toSpliced(at, 1))) : [];
  const less = smaller(canvas).map((one) => withCanvas(each, one));
  return [...fewer, ...less, ...(concurrency > 1 ? [{ ...each, concurrency: 1 }] : [])];
}

function withFaults(each: Case, faults: Case["faults"]): Case {
  return { ...each, faults };
}

function withCanvas(each: Case, canvas: Case["canvas"]): Case {
  return { ...each, canvas };
}
