/** What a body asks for that cannot be: its task fails for that reason, at once, and all that waits for it is told. */

import { type BoundTask, chain, chord, Retry, Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** A task, and all that waits for it; how they end. */
async function ended(body: (task: BoundTask) => number, options: object = {}) {
  const { app, finish } = world({ taskCreateMissingQueues: false });
  const told: unknown[] = [];
  const states: string[] = [];
  app.signals.taskPostrun.connect(({ state }) => void states.push(state), { sender: "tasks.odd" });
  const odd = app.task({ name: "tasks.odd", bind: true, maxRetries: 5, timeLimit: 60, ...options }, body);
  const one = app.task("tasks.one", () => 1);
  const tell = app.task("tasks.tell", (failure: unknown) => void told.push(failure));
  const count = app.task("tasks.count", (values: readonly number[]) => values.length);
  const steps = await chain(odd.si().linkError(tell.s()), one.si()).delay();
  const members = await chord([odd.si(), one.si()], count.s()).delay();
  await finish();
  const ends = await Promise.all([steps.parent, steps, members].map(async (each) => await each?.state()));
  return { ends, told, states };
}

const outOfTime = { name: "a time that no date can say", says: /not an instant/ };

const impossible: readonly { readonly name: string; readonly retry: object; readonly says: RegExp }[] = [
  { name: "no date", retry: { eta: new Date(Number.NaN) }, says: /^eta is Invalid Date: give a Date, and a valid one/ },
  { ...outOfTime, retry: { countdown: 1e15 } },
  { ...outOfTime, retry: { eta: new Date(8.64e15) } },
  { name: "a time that is over", retry: { countdown: -5 }, says: /^countdown is -5: give seconds from 0 on/ },
  { name: "two times", retry: { countdown: 5, eta: new Date(0) }, says: /^countdown and eta are given/ },
  { name: "an end before its beginning", retry: { countdown: 10, expires: 5 }, says: /it would never run$/ },
  { name: "no number of retries", retry: { maxRetries: Number.NaN }, says: /^maxRetries is NaN: give a whole number/ },
  { name: "arguments that are no list", retry: { countdown: 1, args: "abc" }, says: /^args is "abc": give a list/ },
  {
    name: "a soft limit behind the hard one",
    retry: { softTimeLimit: 61 },
    says: /^softTimeLimit is longer than timeL/,
  },
  { name: "what stays as it is", retry: { taskId: "other" }, says: /^There is no option of a retry "taskId"/ },
  { name: "a queue that there is not", retry: { queue: "typo" }, says: /^Queue "typo" is not among taskQueues/ },
];

describe("a retry that cannot be", () => {
  it.each(impossible)("is refused, and its task fails: $name, $retry", async ({ retry, says }) => {
    const end = await ended((task) => task.retry(retry));

    expect(end.ends).toEqual(["FAILURE", "FAILURE", "FAILURE"]);
    expect(end.told).toMatchObject([{ excMessage: says }]);
    expect(end.states).toEqual(["FAILURE", "FAILURE"]);
  });

  it("is refused by nobody where its policy asks for it, and its task fails all the same", async () => {
    const policy = { autoretryFor: [TypeError], defaultRetryDelay: 1e15 };

    const end = await ended(() => {
      throw new TypeError("again");
    }, policy);

    expect(end.ends).toEqual(["FAILURE", "FAILURE", "FAILURE"]);
    expect(end.told).toMatchObject([{ excType: "EncodeError" }]);
    expect(end.states).toEqual(["FAILURE", "FAILURE"]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, "soon"])(
    "is refused where the task is declared: a backoff of %s",
    (retryBackoff) => {
      const given: object = { retryBackoff };

      expect(() => new Umbel("shop").task({ name: "shop.again", ...given }, () => 1)).toThrow(
        /^retryBackoff of the task "shop.again" is .*: give true or false/,
      );
    },
  );
});

describe("a retry that another task has asked for, called on the spot, or that is thrown by hand", () => {
  it("is one of the task's own: it has no more of them than its policy says", async () => {
    const end = await ended(
      () => {
        throw new Retry(1, new RangeError("busy"));
      },
      { maxRetries: 2 },
    );

    expect(end.states.toSorted()).toEqual(["FAILURE", "FAILURE", "RETRY", "RETRY", "RETRY", "RETRY"]);
    expect(end.ends).toEqual(["FAILURE", "FAILURE", "FAILURE"]);
    expect(end.told).toMatchObject([{ excType: "RangeError", excMessage: "busy" }]);
  });

  it("fails the task with MaxRetriesExceededError where it does not say why", async () => {
    const end = await ended(
      () => {
        throw new Retry(1, undefined);
      },
      { maxRetries: 0 },
    );

    expect([end.states.length, end.told]).toMatchObject([2, [{ excType: "MaxRetriesExceededError" }]]);
  });
});
