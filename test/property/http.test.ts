/** Delivery, points 5 to 9, 13 to 15, over real HTTP: random canvases whose requests go wrong end as the oracle says. */

import * as fc from "fast-check";
import { expect, it } from "vitest";
import { canvases } from "./generate.ts";
import { deploy, type Sent } from "./over-http.ts";
import { printCanvas } from "./print.ts";
import { proxyFaults } from "./proxy.ts";

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";
const count = isFull ? 1000 : 50;
/** How many are under way at once. */
const most = 200;
const seed = Number(process.env["UMBEL_TEST_SEED"] ?? Date.now() % 2 ** 31);

/** Of each hundred requests so many go wrong in each of the ways. */
const chance = 0.02;

/** Milliseconds. */
const patience = 90_000;
const quiet = 2500;

it(
  `${count} random canvases end as they must over HTTP, though their requests go wrong (seed ${seed})`,
  async ({ onTestFinished }) => {
    const random = dice(seed);
    const deployment = await deploy(() => (random() < 3 * chance ? proxyFaults[Math.floor(random() * 3)] : undefined));
    onTestFinished(deployment.stop);
    const drawn = fc.sample(canvases(), { numRuns: count, seed });
    const wrong: string[] = [];

    for (let at = 0; at < count; at += most) {
      const batch = drawn.slice(at, at + most);
      const sent = await Promise.all(batch.map(async (canvas) => await deployment.send(canvas)));
      const ended = await Promise.all(sent.map(async (each) => await endsWell(each)));
      await eventually(() => Date.now() - deployment.busyAt() > quiet);
      for (const { canvas, wrong: check } of sent) {
        const complaints = await check();
        if (complaints.length > 0) wrong.push(`${printCanvas(canvas)}: ${complaints.join("; ")}`);
      }
      if (ended.includes(false)) break;
    }

    const fired = Object.fromEntries(deployment.fired);
    console.log(`${count} canvases over HTTP, seed ${seed}; requests that went wrong: ${JSON.stringify(fired)}`);
    expect(wrong).toEqual([]);
    for (const fault of proxyFaults) expect(fired[fault]).toBeGreaterThanOrEqual(count / 20);
  },
  isFull ? 560_000 : 150_000,
);

/** Whether nothing is wrong with it in the end. */
async function endsWell({ wrong }: Sent): Promise<boolean> {
  return await eventually(async () => (await wrong()).length === 0);
}

/** Asks again and again, and answers whether it came to hold in time. */
async function eventually(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    if (await condition()) return true;
    await new Promise<void>((resolve) => void setTimeout(resolve, 200));
  }
  return false;
}

/** The same numbers for the same seed. */
function dice(from: number): () => number {
  let state = from | 0;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}
