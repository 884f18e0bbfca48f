/**
 * Umbel's producer of the bench: what a web handler would do.
 *
 * @module
 */

import { chain, chord, group, type Signature } from "umbel";
import { messageSizes, requestCounts } from "./count-requests.ts";
import { answerQuestions, eachOf, timed, timedEach, until } from "./questions.ts";
import { prepare, tickOnce } from "./ticking.ts";
import { add, app, sum } from "./umbel-app.ts";

await answerQuestions({
  tasks: async ({ count }) => [await timed(async () => await allStored(await enqueue(count)))],
  enqueue: async ({ count }) => [await timed(async () => await eachOf(count, async (i) => await parked(i)))],
  batches: async ({ count, size }) => [
    await timed(async () => await eachOf(count / size, async () => await batch(size))),
  ],
  roundTrips: async ({ count }) => await timedEach(count, async (i) => await (await add.delay(i, i)).get()),
  chain: async ({ count, size }) => await timedEach(count, async () => await (await chained(size).delay()).get()),
  chord: async ({ count, size }) => await timedEach(count, async () => await (await collected(size).delay()).get()),
  nested: async ({ count, size }) => await timedEach(count, async () => await (await nested(size).delay()).get()),
  send: async ({ count }) => [await timed(async () => await group(sums(count)).delay())],
  prepareTick: prepare,
  tick: tickOnce,
  sizes: async ({ count }) => await Promise.resolve(messageSizes(count > 0)),
  requests: async () => await Promise.resolve([requestCounts().publish, requestCounts().store]),
});

async function enqueue(count: number): Promise<readonly string[]> {
  return await eachOf(count, async (i) => (await add.delay(i, i)).id);
}

/** Not to be run now: what is measured is only the way in. */
async function parked(i: number): Promise<unknown> {
  return await add.applyAsync([i, i], { countdown: 86_400 });
}

async function batch(size: number): Promise<unknown> {
  return await group(sums(size)).applyAsync([], { countdown: 86_400 });
}

/** The last one is asked for until it is there; then all are, which is seldom more than once. */
async function allStored(ids: readonly string[]): Promise<void> {
  await until(async () => await areStored(ids.slice(-1)));
  await until(async () => await areStored(ids));
}

async function areStored(ids: readonly string[]): Promise<boolean> {
  return (await app.backend.read(ids)).every((meta) => meta?.status === "SUCCESS");
}

function chained(size: number) {
  const [first, ...rest] = Array.from({ length: size }, (_, i) => i);
  return chain(add.s(first ?? 0, 1), ...rest.map(() => add.s(1)));
}

function collected(size: number) {
  return chord(sums(size), sum.s());
}

/** Chords of ten, so many deep, the body of each a chord again. */
function nested(depth: number): Signature<readonly unknown[], unknown> {
  const header = Array.from({ length: 10 }, one);
  return chord(header, depth === 1 ? one() : nested(depth - 1));
}

/** Takes whatever it is given. */
function one(): Signature<readonly unknown[], unknown> {
  return app.signature("bench.one");
}

function sums(size: number) {
  return Array.from({ length: size }, (_, i) => add.s(i, i));
}
