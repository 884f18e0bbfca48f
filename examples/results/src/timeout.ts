/**
 * Waits for a result, and gives up waiting: the task runs on.
 *
 * `npx bun --conditions=@umbel/source examples/results/src/timeout.ts`, beside a gateway and a worker.
 *
 * @module
 */

import { add, slow } from "./tasks.ts";

const sum = await add.delay(4, 4);
console.log(await sum.get({ timeout: 10 }), await sum.ready());

const late = await slow.delay(1.5);
try {
  await late.get({ timeout: 0.5 });
} catch (error) {
  console.log(String(error), await late.ready());
}
console.log(await late.get({ timeout: "10s" }), await late.ready());
