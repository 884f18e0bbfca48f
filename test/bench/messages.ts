/**
 * How large messages get: those of a long chain, and of chords in the bodies of chords.
 *
 * @module
 */

import type { Question } from "./child.ts";
import type { Running } from "./contender.ts";
import type { Figure, Setting, Trial } from "./trial.ts";

/** Celery's database: see where it is started. */
const celeryDatabase = 2;

const chain: Trial = {
  name: "messages400",
  figures: [
    kibibytes("messages400-first", "chain of 400, its first message"),
    kibibytes("messages400-largest", "chain of 400, its largest message"),
    kibibytes("messages400-all", "chain of 400, all its messages"),
  ],
  contenders: ["embedded", "celery"],
  mostRuns: 1,
  longest: 120,
  async measure(running, setting) {
    const sizes = await sizesOf(running, setting, { scenario: "chain", count: 1, size: 400 });
    return [sizes[0] ?? Number.NaN, Math.max(...sizes), sum(sizes)].map((each) => each / 1024);
  },
};

const chords: Trial = {
  name: "messages-nested",
  figures: [
    kibibytes("messages-nested-largest", "chord bodies five deep, ten wide, the largest message"),
    kibibytes("messages-nested-all", "chord bodies five deep, ten wide, all messages"),
  ],
  contenders: ["embedded", "celery"],
  mostRuns: 1,
  longest: 300,
  async measure(running, setting) {
    const sizes = await sizesOf(running, setting, { scenario: "nested", count: 1, size: 5 });
    return [Math.max(...sizes), sum(sizes)].map((each) => each / 1024);
  },
};

/** The trials of this file. They are sizes: what else the machine does changes nothing. */
export const messages: readonly Trial[] = [chain, chords];

function kibibytes(id: string, title: string): Figure {
  return { id, title, unit: "KiB", better: "less" };
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, each) => total + each, 0);
}

/** Bytes of the messages of a canvas, the first of them first: Umbel's as they are published, Celery's as Redis is given them. */
async function sizesOf({ ask, umbel }: Running, { redis }: Setting, question: Question): Promise<readonly number[]> {
  if (umbel !== undefined) {
    await umbel.messageSizes(true);
    await ask(question);
    return await umbel.messageSizes(false);
  }
  if (redis === undefined) throw new Error("There is no Redis to watch");
  const watch = await redis.watch(celeryDatabase);
  try {
    await ask(question);
    return watch.pushed();
  } finally {
    watch.stop();
  }
}
