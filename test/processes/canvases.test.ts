/**
 * Random canvases on a real Redis, with worker processes that are killed: whatever happens, each node ends as the oracle
 * says, and no body begins more often than it was cut off.
 *
 * `UMBEL_TEST_SEED=123 npx vitest run test/processes/canvases` sends the canvases of that seed again. The deaths are others:
 * they follow real time. So a failure tells who died when, and what was pushed.
 */

import { decodePush, type TaskMessage } from "@umbel/protocol";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { dice } from "../property/dice.ts";
import { canvasFloors, countCases, featuresOf, printCounts, shortfalls } from "../property/features.ts";
import { canvases } from "../property/generate.ts";
import { judge } from "../property/judge.ts";
import type { Canvas } from "../property/plan.ts";
import { printCanvas } from "../property/print.ts";
import { sendCanvas, type SentCanvas } from "../property/send.ts";
import { declareSteps } from "../property/steps.ts";
import { wholeDraw } from "../property/whole-draw.ts";
import { openTestimony, type Testimony, testimonyOf } from "../property/witness.ts";
import { hasRedisServer } from "../redis-server.ts";
import { type Death, killAtRandom } from "./killer.ts";
import { realDelays } from "./real-delays.ts";
import type { Passage } from "./relay.ts";
import { eventually, type Stage, startStage } from "./stage.ts";

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";
const count = isFull ? 200 : 20;
const kills = isFull ? 60 : 8;
/** Seconds: a guard. Two hundred take one or two minutes, and six beside much else. */
const patience = isFull ? 1500 : 500;
// Each full run looks at other canvases; so few as there are otherwise would miss a floor now and then.
const drawn = isFull ? Date.now() % 2 ** 31 : 2027;
const seed = Number(process.env["UMBEL_TEST_SEED"] ?? wholeDraw(count, drawn));

it.skipIf(!hasRedisServer)(
  `${count} random canvases end as they must, though their workers are killed (seed ${seed})`,
  async ({ onTestFailed, onTestFinished }) => {
    const stage = await startStage(onTestFinished, { workers: 2, lease: 2 });
    const deaths: Death[] = [];
    const wrong: string[] = [];
    onTestFailed(() => tell(wrong, stage.pushes, deaths));
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const killing = killAtRandom({ ...stage, random: dice(seed), kills, deaths }, stop.signal);

    const sent = await sendAll(stage, fc.sample(canvases(), { numRuns: count, seed }));
    await eventually(() => isQuiet(stage), "everything that was sent has been delivered", patience);
    stop.abort();
    await killing;

    const past = { ...(await stage.journal.testimony()), cut: await cutOff(stage.pushes) };
    for (const each of sent) wrong.push(...(await complaintsOf(each, stage, past)));
    const counts = countCases(sent.map((each) => featuresOf(each.canvas).concat(blowsTo(each, past))));
    console.log(`${count} canvases, seed ${seed}, ${deaths.length} workers killed: ${printCounts(counts)}`);
    expect(wrong).toEqual([]);
    expect(shortfalls(counts, [...canvasFloors, "cut off", "begun again"], count)).toEqual([]);
  },
  (patience + 60) * 1000,
);

interface Sent extends SentCanvas {
  readonly run: string;
  readonly canvas: Canvas;
}

async function sendAll({ app }: Stage, drawnCanvases: readonly Canvas[]): Promise<readonly Sent[]> {
  const call = declareSteps(app, { witness: openTestimony().witness, delays: realDelays });
  return await Promise.all(
    drawnCanvases.map(async (canvas, index) => {
      const run = `c${index}`;
      return { run, canvas, ...(await sendCanvas(canvas, { app, call, delays: realDelays, run, holdsBack: false })) };
    }),
  );
}

/** Whether every message that the broker has accepted has been delivered. What nobody was told of counts as well. */
function isQuiet({ calls, pushes }: Stage): boolean {
  if ([...calls, ...pushes].some(({ outcome }) => outcome === "open")) return false;
  const published = calls.filter(({ path, outcome }) => path === "/v2/batch" && outcome === 200);
  const accepted = published.flatMap(({ answer = "" }): readonly Accepted[] => JSON.parse(answer));
  const delivered = new Set(pushes.filter(({ outcome }) => done.has(outcome)).map(({ messageId }) => messageId));
  const discarded = new Set(calls.filter(({ outcome }) => outcome === 200).flatMap(discardedBy));
  return accepted.every(({ messageId }) => delivered.has(messageId) || discarded.has(messageId));
}

/** What a call of the broker's API takes from it: a revoked call that waits there is sent once more, and then taken away. */
function discardedBy({ path }: Passage): readonly string[] {
  const { pathname, searchParams } = new URL(path, "http://broker");
  return pathname === "/v2/messages" ? searchParams.getAll("messageIds") : [];
}

/** Answers after which the broker does not come again: done, acknowledged before it is done, to be kept. */
const done: ReadonlySet<unknown> = new Set([200, 202, 489]);

interface Accepted {
  readonly messageId: string;
}

interface Past extends Testimony {
  /** Messages whose worker was killed while it was at them. */
  readonly cut: readonly TaskMessage[];
}

async function cutOff(pushes: readonly Passage[]): Promise<readonly TaskMessage[]> {
  // What the broker tells of a message that it keeps is none itself.
  const cut = pushes.filter(({ outcome, path }) => outcome === "cut" && path.startsWith("/q/"));
  return await Promise.all(cut.map(async ({ body }) => await decodePush(body)));
}

async function complaintsOf(sent: Sent, { app }: Stage, { cut, ...testimony }: Past): Promise<readonly string[]> {
  const times = (id: string, retries: number) => cut.filter((each) => attemptOf(each) === `${id} ${retries}`).length;
  // Who dies may be at something that was acknowledged before, and of which no push tells.
  const chance = { cutOff: times, isCalm: () => false };
  const wrong = await judge(sent.canvas, { app, ...sent, ...testimonyOf(sent.run, testimony), ...chance });
  return wrong.map((each) => `${sent.run}, ${printCanvas(sent.canvas)}: ${each}`);
}

function attemptOf({ headers }: TaskMessage): string {
  return `${headers.id} ${headers.retries ?? 0}`;
}

/** What the deaths of workers did to a canvas. An attempt that puts itself back begins again without one, too. */
function blowsTo({ run }: Sent, { beginnings, cut }: Past): readonly string[] {
  const own = beginnings.filter((each) => each.run === run);
  const begun = Map.groupBy(own, ({ id, retries }) => `${id} ${retries}`);
  const struck = cut.map(attemptOf).filter((attempt) => begun.has(attempt));
  const again = struck.filter((attempt) => (begun.get(attempt)?.length ?? 0) > 1);
  return [...(struck.length > 0 ? ["cut off"] : []), ...(again.length > 0 ? ["begun again"] : [])];
}

/** Tells of the deaths, of what was pushed in vain, and of all that was pushed of the canvases that ended wrongly. */
function tell(wrong: readonly string[], pushes: readonly Passage[], deaths: readonly Death[]): void {
  const runs = [...new Set(wrong.map((each) => each.slice(0, each.indexOf(","))))];
  const told = pushes.filter(
    ({ outcome, body }) => outcome !== 200 || runs.some((run) => body.includes(`"run":"${run}"`)),
  );
  for (const each of [...deaths, ...told]) console.log(JSON.stringify(each));
}
