/**
 * Cases for the kit: each a random canvas and the faults that strike it; all from one seed.
 *
 * @module
 */

import * as fc from "fast-check";
import { canvasFloors, type Counts, countCases, featuresOf } from "./features.ts";
import { canvases } from "./generate.ts";
import { type Case, chances, runOnKit } from "./on-kit.ts";
import { printCanvas } from "./print.ts";
import { smaller, smallest } from "./shrink.ts";

/** What a run of many cases came to. */
export interface Tally {
  /** The first case that ended wrongly, made as small as it gets, as a text; undefined when all ended well. */
  readonly failure: string | undefined;
  /** Faults are counted where they fired. */
  readonly counts: Counts;
}

/** What is to be in at least a twentieth of the cases. */
export const floors: readonly string[] = [
  ...canvasFloors,
  ...Object.keys(chances),
  "kept in the store",
  "read from the store",
  "sent on",
  "guarded",
];

/** Runs so many cases, of which the last may be one that fails. */
export async function runCases(count: number, seed: number): Promise<Tally> {
  const seen: (readonly string[])[] = [];
  const drawn = fc.sample(canvases(), { numRuns: count, seed });
  for (const [index, canvas] of drawn.entries()) {
    const isNarrow = index % 8 > 3;
    const each: Case = { canvas, seed: seed + index, faults: chances, concurrency: 1 + (index % 4), isNarrow };
    const { wrong, fired, done } = await runOnKit(each);
    if (wrong.length > 0) return { failure: await tell(each, index, wrong), counts: countCases(seen) };
    seen.push([...featuresOf(canvas), ...done, ...fired.map(({ fault }) => fault)]);
  }
  return { failure: undefined, counts: countCases(seen) };
}

/** The smallest case that fails as well: with the faults that fired where they fired, as far as that is what it takes. */
async function tell(found: Case, index: number, first: readonly string[]): Promise<string> {
  const { fired } = await runOnKit(found);
  const exact = { ...found, faults: fired };
  const small = (await fails(exact)) ? await smallest(exact, smallerCases, fails) : found;
  const { wrong, fired: struck } = await runOnKit(small);
  const { seed, concurrency, isNarrow, canvas } = small;
  const primary = struck.filter(({ follows }) => follows !== true).map((each) => JSON.stringify(each));
  return [
    `case ${index} ends wrongly; made smaller it is`,
    printCanvas(canvas),
    `with { seed: ${seed}, concurrency: ${concurrency}, isNarrow: ${isNarrow} } and the faults`,
    ...primary,
    "where",
    ...(wrong.length > 0 ? wrong : ["nothing is wrong any more: real time has a hand in it. At first", ...first]),
  ].join("\n");
}

async function fails(each: Case): Promise<boolean> {
  return (await runOnKit(each)).wrong.length > 0;
}

function smallerCases(each: Case): readonly Case[] {
  const { faults, canvas, concurrency } = each;
  const fewer = Array.isArray(faults) ? faults.map((_, at) => withFaults(each, faults.toSpliced(at, 1))) : [];
  const less = smaller(canvas).map((one) => withCanvas(each, one));
  return [
    ...fewer,
    ...less,
    ...(concurrency > 1 ? [{ ...each, concurrency: 1 }] : []),
    ...(each.isNarrow ? [{ ...each, isNarrow: false }] : []),
  ];
}

function withFaults(each: Case, faults: Case["faults"]): Case {
  return { ...each, faults };
}

function withCanvas(each: Case, canvas: Case["canvas"]): Case {
  return { ...each, canvas };
}
