/**
 * Calls each of the tasks, and shows what comes of it.
 *
 * `npx bun --conditions=@umbel/source examples/request/src/calls.ts`, beside a gateway and a worker.
 *
 * @module
 */

import { MaxRetriesExceededError } from "umbel";
import { div, show, slow } from "./tasks.ts";

const shown = await show.delay(5, 5);
console.log(String(shown), await shown.get());

const divided = await div.delay(4, 0);
const error = await divided.get({ propagate: false });
console.log(await divided.state(), String(error));
if (error instanceof MaxRetriesExceededError) console.log("because of", String(error.cause));

const limited = await slow.delay(60);
console.log(await limited.get(), await limited.state());
