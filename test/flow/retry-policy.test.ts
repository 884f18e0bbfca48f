/** Semantics 1.4: one policy for retries by hand and without being asked, and what a retry may change of its call. */

import {
  type BoundTask,
  EncodeError,
  ImproperlyConfigured,
  MaxRetriesExceededError,
  type TaskOptions,
  Umbel,
} from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** A world in which the dice show nothing, and when attempts began, in seconds from the start. */
function timed() {
  const home = world();
  const start = home.clock.now();
  const begun: number[] = [];
  home.app.signals.taskPrerun.connect(() => begun.push((home.clock.now() - start) / 1000));
  return { ...home, begun };
}

const failing = {
  "by hand": (task: BoundTask) => task.retry({ exc: new TypeError("again") }),
  "without being asked": () => {
    throw new TypeError("again");
  },
};

describe("the policy", () => {
  const written: readonly { readonly how: string; readonly policy: Partial<TaskOptions> }[] = [
    { how: "one option", policy: { retry: { max: 3, backoff: 2, cap: 5, jitter: false, for: [TypeError] } } },
    {
      how: "Celery's options",
      policy: {
        maxRetries: 3,
        retryBackoff: 2,
        retryBackoffMax: 5,
        retryJitter: false,
        autoretryFor: [TypeError],
      },
    },
  ];

  it.each(
    written.flatMap(({ how, policy }) => Object.entries(failing).map(([who, body]) => ({ how, policy, who, body }))),
  )("written as $how holds for a retry $who: waits, most retries, and what fails at last", async ({ policy, body }) => {
    const { app, begun, finish } = timed();
    const again = app.task({ name: "tasks.again", bind: true, ...policy }, body);

    const result = await again.delay();
    await finish();

    expect(begun).toEqual([0, 2, 6, 11]);
    await expect(result.get()).rejects.toMatchObject({ excType: "TypeError", message: "again" });
  });

  it("has the errors that are not retried win over those that are", async () => {
    const { app, begun, finish } = timed();
    const again = app.task({ name: "tasks.again", retry: { for: [Error], not: [RangeError] } }, () => {
      throw new RangeError("enough");
    });

    await again.delay();
    await finish();

    expect(begun).toEqual([0]);
  });

  it("without end is written null, and overridden by one call", async () => {
    const { app, begun, finish } = timed();
    const again = app.task({ name: "tasks.again", bind: true, retry: { max: null, delay: 1 } }, (task) =>
      task.retry(task.request.retries === 6 ? { maxRetries: 6 } : {}),
    );

    const result = await again.delay();
    await finish();

    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
    await expect(result.get()).rejects.toThrow(MaxRetriesExceededError);
  });

  it.each([
    {
      what: "a base, its waits, and the task its most",
      conf: { taskBase: { maxRetries: 5, defaultRetryDelay: 7 } },
      own: { retry: { max: 1 } },
      begun: [0, 7],
    },
    {
      what: "a base as one option, and the task a part by Celery's name",
      conf: { taskBase: { retry: { max: 1, delay: 7 } } },
      own: { maxRetries: 2 },
      begun: [0, 7, 14],
    },
    {
      what: "the task as one option, and an annotation a part",
      conf: { taskAnnotations: { "tasks.*": { maxRetries: 0 } } },
      own: { retry: { max: 3 } },
      begun: [0],
    },
  ])("is given in parts by who is nearer: $what", async ({ conf, own, begun: expected }) => {
    const { app, begun, finish } = timed();
    app.conf.update(conf);
    const again = app.task({ name: "tasks.again", bind: true, ...own }, (task) => task.retry());

    await again.delay();
    await finish();

    expect(begun).toEqual(expected);
  });

  it("does not retry what a body throws that has asked for a retry and was told that there is none left", async () => {
    const { app, begun, finish } = timed();
    const options = { maxRetries: 3, autoretryFor: [TypeError, MaxRetriesExceededError] };
    const last = app.task({ name: "tasks.last", bind: true, ...options }, (task) => task.retry({ maxRetries: 0 }));

    const result = await last.delay();
    await finish();

    expect(begun).toEqual([0]);
    await expect(result.get()).rejects.toThrow(MaxRetriesExceededError);
  });

  it("is known to the body", async () => {
    const { app, finish } = timed();
    const ask = app.task({ name: "tasks.ask", bind: true, retry: { max: 7 } }, ({ maxRetries }) => maxRetries);

    const result = await ask.delay();
    await finish();

    expect(await result.get()).toBe(7);
  });
});

describe("a policy that makes no sense", () => {
  it.each([
    {
      options: { retry: { max: 1 }, maxRetries: 2 },
      says: '"maxRetries" is given beside "retry": write it as retry.max',
    },
    {
      options: { retry: { backoff: true }, retryJitter: false },
      says: '"retryJitter" is given beside "retry": write it as retry.jitter',
    },
    { options: { retry: { maximum: 1 } }, says: 'There is no rule "maximum" of `retry`; there are max, delay, for' },
    { options: { retry: { max: -1 } }, says: 'maxRetries of the task "shop.again" is -1' },
    { options: { maxRetries: 1.5 }, says: 'maxRetries of the task "shop.again" is 1.5' },
    { options: { retry: { delay: "soon" } }, says: 'defaultRetryDelay of the task "shop.again" is "soon"' },
    { options: { retry: "often" }, says: "retry: give an object of rules" },
    { options: { maxRequeues: -1 }, says: 'maxRequeues of the task "shop.again" is -1' },
  ])("is refused where the task is declared: $says", ({ options, says }) => {
    const app = new Umbel("shop");
    const given: object = options;

    const declare = () => app.task({ name: "shop.again", ...given }, () => 1);

    expect(declare).toThrow(ImproperlyConfigured);
    expect(declare).toThrow(says);
  });
});

/** Runs a task twice, and tells what the second attempt saw. */
async function second(retry: (task: BoundTask) => unknown, policy: Partial<TaskOptions> = {}) {
  const home = world();
  const seen: BoundTask["request"][] = [];
  const again = home.app.task(
    { name: "tasks.again", bind: true, params: ["x", "y"], ...policy },
    (task, _x: number, _y: number) => {
      seen.push(task.request);
      if (task.request.retries === 0) retry(task);
    },
  );
  const call = { queue: "slow", priority: 7, expires: 60, headers: { tenant: "acme" }, shadow: "shown", timeLimit: 9 };
  await again.applyAsync([1, 2], call);
  await home.finish();
  const [first, next] = seen;
  if (first === undefined || next === undefined) throw new Error("It was not retried");
  return { first, next };
}

describe("a retry", () => {
  it.each(Object.entries(failing))("%s keeps all of its call", async (_who, body) => {
    const { first, next } = await second(body, { autoretryFor: [TypeError], defaultRetryDelay: 10 });

    const changed = { retries: 1, eta: Date.UTC(2026, 0, 1, 0, 0, 10) };
    expect(next).toEqual({ ...first, ...changed });
    expect(next).toMatchObject({ deliveryInfo: { queue: "slow", priority: 7 }, headers: { tenant: "acme" } });
    expect(next.expires).toBe(Date.UTC(2026, 0, 1, 0, 1));
  });

  it("may change arguments, place, limits and expiry of the next attempt", async () => {
    const { first, next } = await second((task) =>
      task.retry({
        countdown: 1,
        args: [3],
        kwargs: { y: 4 },
        queue: "fast",
        priority: 1,
        expires: "1h",
        timeLimit: 5,
        softTimeLimit: 4,
        shadow: "other",
        headers: { more: true },
      }),
    );

    expect(next).toMatchObject({
      id: first.id,
      rootId: first.rootId,
      retries: 1,
      args: [3],
      kwargs: { y: 4 },
      argsrepr: "(3,)",
      kwargsrepr: "{'y': 4}",
      deliveryInfo: { queue: "fast", priority: 1 },
      expires: Date.UTC(2026, 0, 1, 1),
      timeLimit: 5,
      softTimeLimit: 4,
      shadow: "other",
      headers: { tenant: "acme", more: true },
    });
  });

  it("with arguments that are no JSON fails the task, and says where", async () => {
    const { app, finish } = world();
    const again = app.task({ name: "tasks.again", bind: true }, (task) => task.retry({ args: [1n] }));

    const result = await again.delay();
    await finish();

    await expect(result.get()).rejects.toThrow(EncodeError);
    await expect(result.get()).rejects.toThrow("args[0]");
  });

  it("that is asked for where the task was called on the spot throws what failed", async () => {
    const { app } = world();
    const again = app.task({ name: "tasks.again", bind: true }, (task, exc: boolean) =>
      task.retry(exc ? { exc: new TypeError("given") } : {}),
    );

    await expect(again(true)).rejects.toThrow(new TypeError("given"));
    await expect(again(false)).rejects.toThrow("Retry in 180s");
  });
});
