/**
 * Chains: one after the other, each with the result of the one before.
 *
 * `npx bun --conditions=@umbel/source examples/canvas-guide/src/chains.ts`, beside a gateway and a worker.
 *
 * @module
 */

import { chain } from "umbel";
import { add, boom, mul } from "./tasks.ts";

const steps = chain(add.s(2, 2), add.s(4), add.s(8));
console.log(String(steps), await (await steps.delay()).get());

// The same, as Celery's `|` has it.
console.log(await (await add.s(2, 2).pipe(add.s(4)).pipe(add.s(8)).delay()).get());

// The handle is the last step's; from there each step has a parent.
const last = await chain(add.si(2, 2), add.si(4, 4), add.si(8, 8)).delay();
console.log(await last.get(), await last.parent?.get(), await last.parent?.parent?.get(), last.parent?.parent?.parent);

// A chain is a signature: partial, (16 + 4) * 8, or a step of another one.
console.log(await (await chain(add.s(4), mul.s(8)).delay(16)).get());
console.log(await (await chain(add.s(4, 16), mul.s(2), chain(add.s(4), mul.s(8))).delay()).get());

// What comes after a step that fails is told so, and never runs.
const broken = await chain(boom.s(), add.s(1)).delay();
console.log(String(await broken.get({ propagate: false })), await broken.parent?.state());
