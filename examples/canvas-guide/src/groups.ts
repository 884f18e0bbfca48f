/**
 * Groups: all at once. Chords: all at once, then a body with the list of results.
 *
 * `npx bun --conditions=@umbel/source examples/canvas-guide/src/groups.ts`, beside a gateway and a worker.
 *
 * @module
 */

import { chain, chord, group } from "umbel";
import { add, boom, done, mul, sub, xsum } from "./tasks.ts";

const numbers = [0, 1, 2, 3, 4];

// The list is in the order of the members, whichever ends first.
const doubled = group(numbers.map((each) => add.s(each, each)));
const results = await doubled.delay();
console.log(String(group([add.s(2, 2), add.s(4, 4)])), await results.get());
console.log(await results.successful(), await results.completedCount(), await results.results[1]?.get());

// A partial group hands what it is given to every member; so does a chain whose next step is a group.
console.log(await (await group([add.s(1), mul.s(10)]).delay(7)).get());
console.log(await (await chain(add.s(4, 4), group([add.s(1), mul.s(10)])).delay()).get());

// A chord: its body runs once, when all members have ended.
const total = chord([add.s(5, 5), sub.s(25, 10)], xsum.s());
console.log(String(total), await (await total.delay()).get());

// A group that something follows is a chord; an immutable body gets no list.
console.log(await (await doubled.pipe(xsum.s()).delay()).get());
console.log(await (await chord([add.s(1, 0), add.s(2, 0)], done.si(77)).delay()).get());

// A member that fails fails the body, which then never runs.
const broken = await chord([add.s(1, 1), boom.s()], xsum.s()).delay();
console.log(String(await broken.get({ propagate: false })));
