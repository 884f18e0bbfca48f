/**
 * A failure: thrown, or as a value, with the traceback of the worker.
 *
 * `npx bun --conditions=@umbel/source examples/results/src/failure.ts`, beside a gateway and a worker.
 *
 * @module
 */

import { TaskFailure } from "umbel";
import { boom } from "./tasks.ts";

const result = await boom.delay();

try {
  await result.get();
} catch (error) {
  console.log("thrown:", String(error));
}

const error: unknown = await result.get({ propagate: false });
console.log("a value:", String(error), error instanceof TaskFailure ? error.excType : undefined);
console.log(await result.state(), await result.failed());
console.log(await result.traceback());
