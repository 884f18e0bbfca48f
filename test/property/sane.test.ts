import * as fc from "fast-check";
import { expect, it } from "vitest";
import { canvases } from "./generate.ts";
import { type Case, chances, runOnKit } from "./on-kit.ts";
import { printCanvas } from "./print.ts";
import { smaller, smallest } from "./shrink.ts";

it("is right under faults", async () => {
  const started = performance.now();
  const runs = Number(process.env["RUNS"] ?? 300);
  const seed = Number(process.env["SEED"] ?? 1);
  const counts = new Map<string, number>();
  let failures = 0;
  for (const [index, canvas] of fc.sample(canvases(), { numRuns: runs, seed }).entries()) {
    const one: Case = { canvas, seed: index, faults: process.env["CALM"] ? {} : chances, concurrency: 1 + (index % 3) };
    const { wrong, fired } = await runOnKit(one);
    for (const each of new Set(fired.map(({ fault }) => fault))) counts.set(each, (counts.get(each) ?? 0) + 1);
    if (wrong.length === 0) continue;
    failures += 1;
    if (failures > 3) continue;
    const fails = async (each: Case) => (await runOnKit(each)).wrong.length > 0;
    const exact = { ...one, faults: fired };
    console.log(index, wrong, "exact fails too:", await fails(exact));
    const found = await smallest(
      exact,
      (each) => [
        ...(each.faults as typeof fired).map((_, at) => ({
          ...each,
          faults: (each.faults as typeof fired).toSpliced(at, 1),
        })),
        ...smaller(each.canvas).map((canvas) => ({ ...each, canvas })),
        ...(each.concurrency > 1 ? [{ ...each, concurrency: 1 }] : []),
      ],
      fails,
    );
    console.log(printCanvas(found.canvas), found.faults, found.concurrency, (await runOnKit(found)).wrong);
  }
  console.log((performance.now() - started) / runs, "ms each", counts, failures);
  expect(failures).toBe(0);
}, 600_000);
