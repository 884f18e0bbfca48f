/**
 * Runs a canvas on the test kit, in memory and on a clock of its own, under faults.
 *
 * @module
 */

import { type Chances, type Faults, type FiredFault, type TestKit, testKit } from "umbel/testing";
import { type LogRecord, Umbel } from "umbel";
import { cutOffIn } from "./cut-off.ts";
import { judge } from "./judge.ts";
import type { Canvas } from "./plan.ts";
import { sendCanvas } from "./send.ts";
import { declareSteps, type Delays } from "./steps.ts";
import { openTestimony } from "./witness.ts";

/** A canvas and everything that decides what becomes of it. */
export interface Case {
  readonly canvas: Canvas;
  readonly seed: number;
  readonly faults: Faults;
  /** How many pushes the worker takes at once. */
  readonly concurrency: number;
  /** Whether the broker takes short messages only, and holds none for long. */
  readonly isNarrow: boolean;
}

/** What became of it. */
export interface Run {
  /** What is wrong, a sentence each. */
  readonly wrong: readonly string[];
  readonly fired: readonly FiredFault[];
  /** What the product did that a canvas does not show. */
  readonly done: readonly string[];
}

/** Long enough for faults to come between: leases last for 60 s, and lost pushes come again within the hour. */
const delays: Delays = {
  retry: 600,
  later: 1200,
  expiry: 900,
  tooLate: 1200,
  slow: 150,
  apart: 60,
  rate: 2,
  period: 300,
};

/** Bytes: a few steps fit into a message, and nothing that is large. Seconds: less than a retry waits. */
const narrow = { maxMessageSize: 20_000, maxDelay: 500 };

/** Milliseconds: what is acknowledged early begins in a turn of its own, in real time, which a busy machine may take. */
const patience = 10_000;

/** Part of the ids of named steps. */
const run = "run";

/** Runs a case. What is thrown on the way is something that is wrong. */
export async function runOnKit({ canvas, isNarrow, ...options }: Case): Promise<Run> {
  // The faults of a case may take days of its clock; its results are looked at when all is over.
  const app = new Umbel("property", { log: () => undefined, resultExpires: "90d", taskTrackStarted: isNarrow });
  await using kit = testKit(app, { ...options, patience, limits: isNarrow ? narrow : {} });
  const testimony = openTestimony();
  const call = declareSteps(app, { witness: testimony.witness, delays });
  try {
    const sent = await sendCanvas(canvas, { app, call, delays, run, holdsBack: true });
    await kit.settle();
    const cutOff = (id: string, retries: number) => cutOffIn(kit.fired, id, retries);
    const isCalm = (id: string) => kit.fired.every(({ taskId }) => taskId !== id);
    const deadLetters = kit.deadLetters.map(({ taskId }) => taskId);
    const wrong = await judge(canvas, { app, ...sent, ...testimony, cutOff, isCalm, deadLetters });
    return { wrong: [...wrong, ...toldTwice(kit.lines)], fired: kit.fired, done: doneIn(kit) };
  } catch (error) {
    return { wrong: [String(error instanceof Error ? error.stack : error)], fired: kit.fired, done: [] };
  }
}

function doneIn({ calls, pushes }: TestKit): readonly string[] {
  return [
    ...(calls.includes("saveAll") ? ["kept in the store"] : []),
    ...(calls.includes("loadAll") ? ["read from the store"] : []),
    ...(pushes.some(({ body }) => body.includes('"early":true')) ? ["sent on"] : []),
    ...(pushes.some(({ body }) => body.includes('"umbel.guard"')) ? ["guarded"] : []),
  ];
}

/** Only the worker whose end was stored tells of it: calls whose end more than one has told of. */
function toldTwice(lines: readonly LogRecord[]): readonly string[] {
  const told = lines.flatMap(({ taskId, message }) => (taskId !== undefined && ending.test(message) ? [taskId] : []));
  return told.filter((id, index) => told.indexOf(id) !== index).map((id) => `The end of ${id} was told twice`);
}

const ending = /^(?:succeeded in |raised |ignored$)/;

/** Every fault now and then: about one or two in a canvas of a dozen steps. */
export const chances: Chances = {
  drop: 0.04,
  duplicate: 0.04,
  delay: 0.03,
  reorder: 0.1,
  loseAnswer: 0.02,
  resend: 0.02,
  crashBefore: 0.02,
  crashAfter: 0.02,
  leaseDeath: 0.02,
  outage: 0.01,
};
