/** Random canvases that run in the process that makes them end as the oracle says, as everywhere. */

import * as fc from "fast-check";
import { Umbel } from "umbel";
import { memoryBackend } from "umbel/memory";
import { expect, it } from "vitest";
import { countCases, featuresOf, printCounts } from "./features.ts";
import { canvases } from "./generate.ts";
import { judge } from "./judge.ts";
import type { Canvas } from "./plan.ts";
import { printCanvas } from "./print.ts";
import { sendCanvas } from "./send.ts";
import { smaller, smallest } from "./shrink.ts";
import { declareSteps, type Delays } from "./steps.ts";
import { openTestimony } from "./witness.ts";

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";
const count = isFull ? 3000 : 150;
const seed = Number(process.env["UMBEL_TEST_SEED"] ?? (isFull ? Date.now() % 2 ** 30 : 2026));

/** Nothing waits for its time, and no body has to take any. */
const delays: Delays = { retry: 600, later: 1200, expiry: 900, tooLate: 1200, slow: 0, apart: 60, rate: 1, period: 1 };

/** What is wrong about a canvas, a sentence each. */
async function runHere(canvas: Canvas): Promise<readonly string[]> {
  const options = { taskAlwaysEager: true, taskStoreEagerResult: true, log: () => undefined };
  const app = new Umbel("property", { ...options, backend: memoryBackend() });
  const testimony = openTestimony();
  const call = declareSteps(app, { witness: testimony.witness, delays });
  try {
    const sent = await sendCanvas(canvas, { app, call, delays, run: "run", holdsBack: false });
    return await judge(canvas, { app, ...sent, ...testimony, cutOff: () => 0, isCalm: () => true });
  } catch (error) {
    return [String(error instanceof Error ? error.stack : error)];
  }
}

/** Whether nobody can come between a call and its run, to revoke it, nor time; and whether all that is stored is ends. */
function isUndisturbed(canvas: Canvas): boolean {
  return !/"how":"(?:revoked|expires)"|"own":true/.test(JSON.stringify(canvas));
}

async function tell(found: Canvas): Promise<string> {
  const small = await smallest(
    found,
    (canvas) => smaller(canvas).filter(isUndisturbed),
    async (each) => (await runHere(each)).length > 0,
  );
  return [printCanvas(small), ...(await runHere(small))].join("\n");
}

it(
  `${count} random canvases that run at once end as they must (seed ${seed})`,
  async () => {
    const drawn = fc
      .sample(canvases(), { numRuns: count * 3, seed })
      .filter(isUndisturbed)
      .slice(0, count);
    expect(drawn.length).toBe(count);

    for (const canvas of drawn) expect((await runHere(canvas)).length === 0 ? "" : await tell(canvas)).toBe("");

    console.log(`${count} canvases at once, seed ${seed}: ${printCounts(countCases(drawn.map(featuresOf)))}`);
  },
  isFull ? 900_000 : 300_000,
);
