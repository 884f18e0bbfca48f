/**
 * Map, starmap, chunks: a task for each of many items, in one call or in a few.
 *
 * `npx bun --conditions=@umbel/source examples/canvas-guide/src/maps.ts`, beside a gateway and a worker.
 *
 * @module
 */

import { chunks } from "umbel";
import { add, xsum } from "./tasks.ts";

// One message: the worker calls the task for each item in turn.
const sums = xsum.map([
  [1, 2, 3],
  [4, 5],
]);
console.log(String(sums), await (await sums.delay()).get());

// The same with lists of arguments.
const pairs = [0, 1, 2, 3, 4].map((each) => [each, each * 10] as const);
console.log(await (await add.starmap(pairs).delay()).get());

// A message for each two items.
const parts = chunks(add, pairs, 2);
console.log(await (await parts.delay()).get());

// One message at first: the parts are sent where it runs, and its value is theirs.
console.log(await (await add.chunks(pairs, 2).delay()).get());

// Parts one after the other: after 0.1 s, 0.2 s and 0.3 s.
console.log(await (await parts.skew(0.1, 1, 0.1).delay()).get());
