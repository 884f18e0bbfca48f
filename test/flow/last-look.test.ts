/** What becomes of a wait whose time is over. */

import { Umbel } from "umbel";
import type { CallerBackend } from "@umbel/protocol";
import { memoryBackend, memoryBroker } from "umbel/memory";
import { expect, it } from "vitest";

const seconds = 5;

/** An application whose waits end without a result; what is read of the store is given. */
function waiting(read: CallerBackend["read"]) {
  return new Umbel("shop", {
    backend: { ...memoryBackend(), read, wait },
    broker: memoryBroker(),
    platform: { sleep },
  });
}

/** Comes to no end of its own. */
async function wait(_id: string, signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

/** Only the time of the wait itself is over. */
async function sleep(length: number): Promise<void> {
  if (length !== seconds) await new Promise(() => {});
}

const meta = { status: "SUCCESS", result: 8, traceback: null, children: [], date_done: null, task_id: "late" };

it("is the result, when the store has had it since it was last asked", async () => {
  const app = waiting(async (ids) => await Promise.resolve(ids.map(() => meta)));

  expect(await app.result("late").get({ timeout: seconds })).toBe(8);
});

it("is the failure, when that has come meanwhile", async () => {
  const failure = { exc_type: "RangeError", exc_message: ["too far"], exc_module: "builtins" };
  const failed = { ...meta, status: "FAILURE", result: failure };
  const app = waiting(async (ids) => await Promise.resolve(ids.map(() => failed)));

  expect(await app.result("late").settled({ timeout: seconds })).toMatchObject({
    state: "FAILURE",
    error: { message: "too far" },
  });
});
