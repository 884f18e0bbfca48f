/**
 * Prints the traceback of an error that was really thrown; run by several runtimes.
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

try {
  await outer();
} catch (error) {
  console.log(tracebackOf(error));
}
