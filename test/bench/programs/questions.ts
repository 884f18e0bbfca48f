/**
 * The producer's side of the bench: reads questions, does what they ask, answers how long it took.
 *
 * @module
 */

import { createInterface } from "node:readline";
import * as z from "zod/mini";

/** What a producer is asked. */
export interface Asked {
  readonly count: number;
  readonly size: number;
}

/** Does what is asked, and tells seconds: of all of it, or of each. */
export type Scenario = (asked: Asked) => Promise<readonly number[]>;

const Question = z.object({ scenario: z.string(), count: z.number(), size: z.prefault(z.number(), 0) });

/** Answers questions until the input ends. Ends the program when one cannot be answered. */
export async function answerQuestions(scenarios: Readonly<Record<string, Scenario>>): Promise<void> {
  process.once("SIGTERM", () => process.exit(0));
  for await (const line of createInterface(process.stdin)) {
    const { scenario, ...asked } = Question.parse(JSON.parse(line));
    const play = scenarios[scenario];
    if (play === undefined) throw new Error(`There is no scenario "${scenario}"`);
    console.log(JSON.stringify({ seconds: await play(asked) }));
  }
  process.exit(0);
}

/** Seconds that some work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Does the same work again and again, one after the other; the seconds of each. */
export async function timedEach(count: number, work: (index: number) => Promise<unknown>): Promise<readonly number[]> {
  const seconds: number[] = [];
  for (let index = 0; index < count; index += 1) seconds.push(await timed(async () => await work(index)));
  return seconds;
}

/** Works that are under way at the same time, in every producer that can. */
const concurrency = 100;

/** Does work for each index, so many at once, and keeps what it gave, in order. */
export async function eachOf<Value>(count: number, work: (index: number) => Promise<Value>): Promise<readonly Value[]> {
  const values: Value[] = [];
  let next = 0;
  async function walk(): Promise<void> {
    while (next < count) {
      const index = next;
      next += 1;
      values[index] = await work(index);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, walk));
  return values;
}

/** Asks every 10 ms until the answer is yes. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => void setTimeout(resolve, 10));
}
