/** What becomes of a wait whose time is over. */

import { AsyncResult, Umbel } from "umbel";
import { BackendUnavailable, type CallerBackend } from "@umbel/protocol";
import { memoryBackend, memoryBroker } from "umbel/memory";
import { expect, it } from "vitest";

const seconds = 5;

/** An application whose waits end without a result; what is read of the store is given. */
function waiting(read: CallerBackend["read"], sleep = untilOver) {
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
async function untilOver(length: number): Promise<void> {
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

it("is an error within a second more, when the store does not answer", async () => {
  const slept: number[] = [];
  const sleep = async (length: number) => await Promise.resolve(void slept.push(length));
  const app = waiting(async () => await new Promise(() => {}), sleep);

  const error = await app.result("late").get({ timeout: seconds }).catch(String);

  expect(error).toMatch(/^TimeoutError: The operation timed out\. The call late is still PENDING after 5 s/);
  expect(slept).toEqual([seconds, 1]);
});

it("is an error when the store cannot be reached, and leaves no timer", async () => {
  const left = new Set<AbortSignal>();
  const sleep = async (length: number, signal = new AbortController().signal) => {
    left.add(signal);
    signal.addEventListener("abort", () => left.delete(signal));
    await untilOver(length);
  };
  const app = waiting(async () => await Promise.reject(new BackendUnavailable("away")), sleep);

  const error = await app.result("late").get({ timeout: seconds }).catch(String);

  expect(error).toMatch(/^TimeoutError: The operation timed out\. The call late is still PENDING/);
  expect(left.size).toBe(0);
});

it.each([
  { ended: 0, named: 0 },
  { ended: 1, named: 51 },
  { ended: 51, named: 51 },
  { ended: 150, named: 150 },
])("names the first step of 151, or the earliest of the last hundred: $ended have ended", async ({ ended, named }) => {
  const app = waiting(async (ids) => await Promise.resolve(ids.map((id) => (Number(id) < ended ? meta : undefined))));
  let result = new AsyncResult(app, "0");
  for (let nth = 1; nth < 151; nth += 1) result = new AsyncResult(app, `${nth}`, { parent: result });

  const error = await result.get({ timeout: seconds }).catch(String);

  expect(error).toMatch(`TimeoutError: The operation timed out. The call ${named} is still PENDING`);
});

it("does not name a step of which nobody keeps how it ends, but says that it may be that one", async () => {
  const app = waiting(async (ids) => await Promise.resolve(ids.map((id) => (id === "first" ? meta : undefined))));
  const quiet = { task: "shop.quiet", ignored: true, silent: true };
  const sent = (id: string) => (id === "quiet" ? quiet : { task: "shop.add", ignored: false, silent: false });
  const first = new AsyncResult(app, "first", { sent });
  const last = new AsyncResult(app, "last", { sent, parent: new AsyncResult(app, "quiet", { sent, parent: first }) });

  const error = await last.get({ timeout: seconds }).catch(String);

  expect(error).toMatch(/^TimeoutError: The operation timed out\. shop\.add\[last\] is still PENDING after 5 s/);
  expect(error).toContain("or shop.quiet[quiet] before it, of which nobody keeps how it ends");
});
