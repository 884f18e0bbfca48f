/** Delivery, point 12, under every fault there is: what is acknowledged early is begun once at most, and always ends. */

import * as fc from "fast-check";
import { chain, chord, group, Reject, Umbel } from "umbel";
import { check } from "umbel/testing";
import { expect, it } from "vitest";

const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 3000 : 150;

/** Seconds that a step takes which is not quick. */
const waits: Readonly<Record<string, number>> = { slow: 25, endless: 100 };

/** An application whose tasks are all acknowledged early, and what began, as id and attempt. */
function hasty() {
  const begun: string[] = [];
  const told: string[] = [];
  const app = new Umbel("hasty", { taskAcksLate: false, workerLease: 10, log: () => undefined });
  const kept = { timeLimit: 40, acksOnTimeout: false, acksOnFailure: false };
  const step = app.task(
    { name: "hasty.step", bind: true, retry: { max: 2, delay: 5, for: [RangeError] }, ...kept },
    async ({ request }, how: string) => {
      begun.push(`${request.id} ${request.retries}`);
      await app.platform.sleep(waits[how] ?? 1);
      if (how === "rejects") throw new Reject("rejects");
      if (how === "fails") throw new TypeError("fails");
      if (how === "flaky" && request.retries < 2) throw new RangeError("flaky");
      return 1;
    },
  );
  const count = app.task("hasty.count", (values: readonly number[]) => values.length);
  const tell = app.task("hasty.tell", ({ id }: { readonly id: string }) => void told.push(id));
  return { app, begun, told, step, count, tell };
}

const how = fc.constantFrom("quick", "slow", "flaky", "fails", "rejects", "endless");

it(`begins once at most and always ends, in ${runs} canvases under faults`, async () => {
  const { app, begun, told, step, count, tell } = hasty();
  const draw = fc.record({ steps: fc.array(how, { minLength: 1, maxLength: 4 }), isChord: fc.boolean() });
  const canvas = ({ steps, isChord }: { readonly steps: readonly string[]; readonly isChord: boolean }) => {
    begun.length = 0;
    told.length = 0;
    const links = steps.map((each) => step.si(each).linkError(tell.s()));
    return isChord ? chord(links, count.s()) : chain(group(links), count.s());
  };

  await check(app, { fc, draw, canvas, runs, seed: 12 }, async ({ kit, result }) => {
    const ends = await kit.backend.read([result.id, ...begun.map((each) => each.split(" ")[0] ?? "")]);

    expect(ends.filter((each) => !["SUCCESS", "FAILURE"].includes(each?.status ?? "PENDING"))).toEqual([]);
    expect(new Set(begun).size).toBe(begun.length);
    expect(new Set(told).size).toBe(told.length);
    expect(kit.lines.filter(({ message }) => message.includes("cannot be read"))).toEqual([]);
  });
});
