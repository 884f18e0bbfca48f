/** Delivery, points 2 and 14: random canvases that have calls of the same ids in common, on the kit, under faults. */

import * as fc from "fast-check";
import { chain, chord, type ResultHandle, signature, Umbel } from "umbel";
import { testKit } from "umbel/testing";
import { expect, it } from "vitest";
import { chances } from "./on-kit.ts";
import type { Part } from "./steps.ts";

/** One after the other; the last may be side by side, with a body behind them. */
interface Plan {
  readonly before: readonly Step[];
  readonly members: readonly (readonly Step[])[];
}

/** A call. Its own id says all of what it does, so that it is the same in each canvas that has it. */
interface Step {
  /** `fails-1` say; null for an id of this canvas's own. */
  readonly id: string | null;
}

const ids = ["returns-1", "returns-2", "fails-1", "retries-1"] as const;

/** Most canvases, and how many worlds of them. */
const most = 4;
const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 150 : 20;

function plan(): fc.Arbitrary<Plan> {
  const step = fc.record({ id: fc.option(fc.constantFrom(...ids), { freq: 2 }) });
  const line = fc.array(step, { minLength: 1, maxLength: 3 });
  return fc
    .record({ before: line, members: fc.array(line, { maxLength: 3 }) })
    .filter(({ before, members }) => areDistinct([before, ...members].flat()));
}

/** One canvas with one id twice is refused. */
function areDistinct(steps: readonly Step[]): boolean {
  const named = steps.flatMap(({ id }) => id ?? []);
  return new Set(named).size === named.length;
}

/** What became of one world. */
interface Sent {
  readonly plan: Plan;
  readonly handle: ResultHandle;
}

function declare(app: Umbel) {
  app.task({ name: "step", bind: true }, (task, _input?: unknown): string => {
    const { id, retries } = task.request;
    const [how = ""] = id.split("-");
    if (how === "fails") throw new RangeError(`${id} fails`);
    if (how === "retries" && retries < 1) task.retry({ countdown: 60 });
    return id;
  });
  app.task("collect", (values: readonly unknown[]) => [...values]);
}

function lineOf(app: Umbel, steps: readonly Step[]): Part {
  const parts = steps.map(({ id }): Part =>
    signature(app, { task: "step", ...(id ? { options: { task_id: id } } : {}) }),
  );
  return chain(...parts);
}

function build(app: Umbel, { before, members }: Plan): Part {
  const line = lineOf(app, before);
  if (members.length === 0) return line;
  const collect: Part = signature(app, { task: "collect" });
  return line.pipe(
    chord(
      members.map((each) => lineOf(app, each)),
      collect,
    ),
  );
}

/** How a call ended that is of a canvas's own: as the calls before it did. */
type End = "SUCCESS" | "FAILURE";

/** Whether a step that has its turn ends well: of one that is another canvas's as well the first end stays, whoever gave it. */
type Stored = ReadonlyMap<string, string>;

function endOf(steps: readonly Step[], stored: Stored): End {
  return steps.every(({ id }) => id === null || stored.get(id) === "SUCCESS") ? "SUCCESS" : "FAILURE";
}

/** What the whole comes to. Its end may have an id of another's, whose end then it is. */
function expectedOf({ before, members }: Plan, stored: Stored): string {
  const last = members.length === 0 ? before.at(-1)?.id : null;
  if (typeof last === "string") return stored.get(last) ?? "nothing";
  return [before, ...members].every((each) => endOf(each, stored) === "SUCCESS") ? "SUCCESS" : "FAILURE";
}

async function wrongIn(app: Umbel, sent: readonly Sent[]): Promise<readonly string[]> {
  const used = [...new Set(sent.flatMap(({ plan: { before, members } }) => [before, ...members].flat()))];
  const names = [...new Set(used.flatMap(({ id }) => id ?? []))];
  const states = await Promise.all(names.map(async (id) => [id, await app.result(id).state()] as const));
  const stored = new Map(states);
  const unended = states.filter(([, state]) => state !== "SUCCESS" && state !== "FAILURE");
  const whole = sent.map(async ({ plan: each, handle }) => {
    const [expected, found] = [expectedOf(each, stored), await app.result(handle.id).state()];
    return found === expected ? [] : [`${handle.id} is ${found}, and not ${expected}: ${JSON.stringify(each)}`];
  });
  return [...unended.map(([id, state]) => `${id} is ${state}`), ...(await Promise.all(whole)).flat()];
}

it("canvases that have ids in common end, each as its calls have", { timeout: 120_000 }, async () => {
  const cases = fc.record({
    plans: fc.array(plan(), { minLength: 2, maxLength: most }),
    pauses: fc.array(fc.constantFrom(0, 0, 30, 3600), { minLength: most, maxLength: most }),
    seed: fc.nat(),
    calm: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ plans, pauses, seed, calm }) => {
      const app = new Umbel("shared", { log: () => undefined, resultExpires: "90d" });
      declare(app);
      await using kit = testKit(app, { seed, patience: 10_000, concurrency: 2, ...(calm ? {} : { faults: chances }) });
      const sent: Sent[] = [];
      for (const [at, each] of plans.entries()) {
        sent.push({ plan: each, handle: await build(app, each).delay() });
        await kit.advance(pauses[at] ?? 0);
      }
      await kit.settle();

      expect(await wrongIn(app, sent)).toEqual([]);
    }),
    { numRuns: runs },
  );
});
