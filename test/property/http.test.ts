/** Delivery, points 5 to 9, 13 to 15, over real HTTP: random canvases whose requests go wrong end as the oracle says. */

import * as fc from "fast-check";
import { expect, it } from "vitest";
import { poll } from "../running-program.ts";
import { dice } from "./dice.ts";
import { canvasFloors, countCases, featuresOf, printCounts, shortfalls } from "./features.ts";
import { canvases } from "./generate.ts";
import { deploy, type Deployment, type Sent } from "./over-http.ts";
import type { Canvas } from "./plan.ts";
import { printCanvas } from "./print.ts";
import { proxyFaults } from "./proxy.ts";
import { wholeDraw } from "./whole-draw.ts";

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";
const count = isFull ? 1000 : 50;
/** How many are under way at once. */
const most = 100;
// Each full run looks at other canvases; so few as there are otherwise would miss a floor now and then.
const drawn = isFull ? Date.now() % 2 ** 31 : 2028;
const seed = Number(process.env["UMBEL_TEST_SEED"] ?? wholeDraw(count, drawn));

/** Of each hundred requests so many go wrong in each of the ways. */
const chance = 0.02;

/** Seconds until the next canvas of a batch must have ended, on a machine however busy. */
const patience = 150;

/** Milliseconds for which the worker is asked for nothing once nothing is under way any more. */
const quiet = 2500;

it(
  `${count} random canvases end as they must over HTTP, though their requests go wrong (seed ${seed})`,
  async ({ onTestFinished }) => {
    const random = dice(seed);
    const deployment = await deploy(() => (random() < 3 * chance ? proxyFaults[Math.floor(random() * 3)] : undefined));
    onTestFinished(deployment.stop);
    const all = fc.sample(canvases(), { numRuns: count, seed });
    const ended: Sent[] = [];

    for (let at = 0; at < count; at += most) {
      const { sent, wrong } = await runBatch(deployment, all.slice(at, at + most));
      expect(wrong).toEqual([]);
      ended.push(...sent);
    }

    const counts = countCases(ended.map(({ canvas, struckBy }) => featuresOf(canvas).concat(struckBy())));
    console.log(`${ended.length} canvases over HTTP, seed ${seed}: ${printCounts(counts)}`);
    expect(shortfalls(counts, [...canvasFloors, ...proxyFaults], count)).toEqual([]);
  },
  isFull ? 900_000 : 400_000,
);

interface Batch {
  readonly sent: readonly Sent[];
  readonly wrong: readonly string[];
}

/** Runs canvases side by side; what is wrong with them in the end, also after all is quiet, is told. */
async function runBatch({ send, busyAt }: Deployment, batch: readonly Canvas[]): Promise<Batch> {
  const sent = await Promise.all(batch.map(async (canvas) => await send(canvas)));
  for (const { wrong } of sent) if (!(await poll(patience, async () => (await wrong()).length === 0))) break;
  const isQuiet = await poll(patience, () => Date.now() - busyAt() > quiet);
  const wrong = await Promise.all(sent.map(complaintsOf));
  return { sent, wrong: [...wrong.flat(), ...(isQuiet ? [] : ["The worker is asked for things without end"])] };
}

async function complaintsOf({ canvas, wrong }: Sent): Promise<readonly string[]> {
  const complaints = await wrong();
  return complaints.length === 0 ? [] : [`${printCanvas(canvas)}: ${complaints.join("; ")}`];
}
