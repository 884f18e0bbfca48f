/**
 * Forgets results: that of a call, and those of a whole chain.
 *
 * `npx bun --conditions=@umbel/source examples/results/src/forget.ts`, beside a gateway and a worker.
 *
 * @module
 */

import { chain } from "umbel";
import { add, app } from "./tasks.ts";

const sum = await add.delay(9, 9);
console.log(await sum.get(), await sum.state());
await sum.forget();
console.log(await sum.state());

const steps = await chain(add.s(1, 1), add.s(1)).delay();
console.log(await steps.get(), await steps.parent?.state());
await steps.forget();
console.log(await steps.state(), await steps.parent?.state());

// Nobody has ever heard of it: that looks the same.
console.log(await app.result("never-sent").state());
