/**
 * Canvases in canvases: anything may stand anywhere.
 *
 * `npx bun --conditions=@umbel/source examples/canvas-guide/src/nested.ts`, beside a gateway and a worker.
 *
 * @module
 */

import { chain, chord, group } from "umbel";
import { add, mul, xsum } from "./tasks.ts";

// A fork, and a join: a group between two steps is a chord.
const diamond = chain(add.s(1, 1), group([mul.s(2), chain(mul.s(3), add.s(1))]), xsum.s(), mul.s(100));
console.log(String(diamond));
console.log(await (await diamond.delay()).get());

// A chord as the member of a group, beside a call and a chain.
const three = group([add.s(1, 1), chain(add.s(2, 2), mul.s(10)), chord([add.s(3, 3), add.s(4, 4)], xsum.s())]);
console.log(await (await three.delay()).get());

// Chords in a chord's header: sums of sums.
const inner = [1, 2, 3].map((each) => chord([add.s(each, each), mul.s(each, each)], xsum.s()));
console.log(await (await chord(inner, xsum.s()).delay()).get());

// A chain of groups: each sum is what the next group begins with.
const rounds = chain(group([add.s(1, 1), add.s(2, 2)]), xsum.s(), group([mul.s(2), mul.s(3)]), xsum.s());
console.log(await (await rounds.delay()).get());
