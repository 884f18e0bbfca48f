/**
 * Prints the traceback of errors that were really thrown, at once and later, by what plays the body of a task; run by
 * several runtimes.
 *
 * @module
 */

import { tracebackOf } from "../src/traceback.ts";

function inner(): never {
  throw new TypeError("no such page");
}

async function outer(): Promise<void> {
  await Promise.resolve();
  [1].forEach(() => inner());
}

function outerAtOnce(): void {
  [1].forEach(() => inner());
}

/** Calls a body as an attempt does. */
async function attemptTo(body: () => unknown): Promise<void> {
  const caller = {
    umbelTask() {
      return body();
    },
    async umbelAttempt() {
      return await caller.umbelTask();
    },
  };
  await caller.umbelAttempt();
}

for (const body of [outer, outerAtOnce]) {
  try {
    await attemptTo(body);
  } catch (error) {
    console.log(tracebackOf(error));
  }
}
