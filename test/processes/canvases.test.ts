/**
 * Random canvases on a real Redis, with worker processes that are killed at random moments: whatever happens, each node
 * ends as the oracle says, and no body begins more often than it was cut off.
 *
 * A seed that failed: `UMBEL_TEST_SEED=123 npx vitest run test/processes/canvases`.
 */

import { decodePush, type TaskMessage } from "@umbel/protocol";
import { expect, it } from "vitest";
import type { ResultHandle, Umbel } from "umbel";
import { build } from "../property/build.ts";
import { judge } from "../property/judge.ts";
import { depthOf, type Plan, partsOf, revokedIn } from "../property/plan.ts";
import { printCanvas } from "../property/print.ts";
import { type Beginning, declareSteps, type MakeCall } from "../property/steps.ts";
import { hasRedisServer } from "../redis-server.ts";
import { killAtRandom } from "./killer.ts";
import { deep, type RealCanvas, realCanvases, realDelays } from "./real-canvas.ts";
import type { Passage } from "./relay.ts";
import { eventually, type Stage, startStage } from "./stage.ts";

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";
const count = isFull ? 200 : 20;
const kills = isFull ? 60 : 8;
const seed = Number(process.env["UMBEL_TEST_SEED"] ?? Date.now() % 2 ** 31);

it.skipIf(!hasRedisServer)(
  `${count} random canvases end as they must, though their workers are killed (seed ${seed})`,
  async ({ onTestFinished }) => {
    const stage = await startStage(onTestFinished, { workers: 2, lease: 2 });
    const call = declareSteps(stage.app, { note: () => 0, delays: realDelays });
    const real = realCanvases(count, seed);
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const killing = killAtRandom({ ...stage, random: dice(seed), kills }, stop.signal);

    const sent = await Promise.all(real.map(async (each) => await send(stage.app, call, each)));
    await eventually(() => isQuiet(stage), "everything that was sent has been delivered", isFull ? 240 : 90);
    stop.abort();
    const killed = await killing;

    const cut = await cutOff(stage.pushes);
    const beginnings = await stage.journal.beginnings();
    const complaints = await Promise.all(
      sent.map(async ({ run, canvas, handle }) => {
        const outcome = {
          app: stage.app,
          handle,
          run,
          beginnings: beginnings.filter(({ label }) => label.startsWith(`${run}-`)),
          cutOff: (id: string, retries: number) =>
            cut.filter(({ headers }) => headers.id === id && (headers.retries ?? 0) === retries).length,
        };
        const wrong = await judge(canvas, outcome);
        return wrong.length === 0 ? [] : [`${printCanvas(canvas)}: ${wrong.join("; ")}`];
      }),
    );
    expect(complaints.flat()).toEqual([]);
    const tally = {
      ...tallyOf(real),
      "cut off": touched(real, cut.map(labelIn)),
      "begun again": touched(real, begunAgain(beginnings, cut)),
    };
    console.log(`${count} canvases, seed ${seed}, ${killed} workers killed; canvases with ${JSON.stringify(tally)}`);
    expect(tally.deep).toBeGreaterThanOrEqual(count / 5);
    expect(Math.min(...Object.values(tally))).toBeGreaterThanOrEqual(count / 20);
  },
  isFull ? 290_000 : 110_000,
);

interface Sent extends RealCanvas {
  readonly handle: ResultHandle;
}

async function send(app: Umbel, call: MakeCall, { run, canvas }: RealCanvas): Promise<Sent> {
  const part = build(canvas.plan, { call, delays: realDelays, run, now: Date.now() });
  const revoked = revokedIn(canvas.plan, "before", run);
  if (revoked.length > 0) await app.revoke(revoked, false);
  const handle = await (canvas.input === null ? part.delay() : part.delay(canvas.input));
  if (!isHandle(handle)) throw new TypeError("Sending a canvas gives a handle");
  return { run, canvas, handle };
}

function isHandle(sent: unknown): sent is ResultHandle {
  return typeof sent === "object" && sent !== null && "parent" in sent && "ready" in sent;
}

/** Whether every message that the broker has accepted has been delivered. What nobody was told of counts as well. */
function isQuiet({ calls, pushes }: Stage): boolean {
  if ([...calls, ...pushes].some(({ outcome }) => outcome === "open")) return false;
  const published = calls.filter(({ path, outcome }) => path === "/v2/batch" && outcome === 200);
  const accepted = published.flatMap(({ answer = "" }): readonly Accepted[] => JSON.parse(answer));
  const delivered = new Set(pushes.filter(({ outcome }) => outcome === 200).map(({ messageId }) => messageId));
  return accepted.every(({ messageId }) => delivered.has(messageId));
}

interface Accepted {
  readonly messageId: string;
}

/** Messages whose worker was killed while it was at them. */
async function cutOff(pushes: readonly Passage[]): Promise<readonly TaskMessage[]> {
  const cut = pushes.filter(({ outcome }) => outcome === "cut");
  return await Promise.all(cut.map(async ({ body }) => await decodePush(body)));
}

/** The label of the step that a message calls; what calls no step has none. */
function labelIn({ body: [args] }: TaskMessage): string {
  const spec: unknown = args.at(-1);
  return typeof spec === "object" && spec !== null && "label" in spec ? String(spec.label) : "";
}

/** Labels of attempts that have begun more than once. One that puts itself back does so without a fault, too. */
function begunAgain(beginnings: readonly Beginning[], cut: readonly TaskMessage[]): readonly string[] {
  const attempts = Map.groupBy(beginnings, ({ id, retries }) => `${id} ${retries}`);
  const isCut = new Set(cut.map(({ headers }) => `${headers.id} ${headers.retries ?? 0}`));
  return [...attempts].flatMap(([attempt, [first, second]]) =>
    first !== undefined && second !== undefined && isCut.has(attempt) ? [first.label] : [],
  );
}

function touched(real: readonly RealCanvas[], labels: readonly string[]): number {
  return real.filter(({ run }) => labels.some((label) => label.startsWith(`${run}-`))).length;
}

/** In how many canvases there is what. */
function tallyOf(real: readonly RealCanvas[]): Readonly<Record<string, number>> & { readonly deep: number } {
  const plans = real.map(({ canvas }) => partsIn(canvas.plan));
  const having = (test: (part: Plan) => boolean) => plans.filter((parts) => parts.some(test)).length;
  return {
    deep: real.filter(({ canvas }) => depthOf(canvas.plan) >= deep).length,
    chain: having(({ kind }) => kind === "chain"),
    group: having(({ kind }) => kind === "group"),
    chord: having(({ kind }) => kind === "chord"),
    callbacks: having((part) => part.kind === "step" && part.link.length > 0),
    errbacks: having(({ linkError }) => linkError.length > 0),
  };
}

function partsIn(plan: Plan): readonly Plan[] {
  return [plan, ...partsOf(plan).flatMap(partsIn)];
}

/** Mulberry32. */
function dice(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
