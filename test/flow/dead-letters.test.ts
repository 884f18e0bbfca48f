/** Delivery, points 11 and 14: what is rejected, or fails so, is kept among the dead letters and told once. */

import { decodePush } from "@umbel/protocol";
import { BackendUnavailable, chain, chord, Reject, type TaskOptions, TimeLimitExceeded, WorkerLostError } from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { backendless } from "./backendless.ts";
import { world, type WorldOptions } from "./world.ts";

/** A world with a task that hears of failures, and lists of what was told. */
function rejecting(options: WorldOptions = {}) {
  const home = world(options);
  const told: unknown[] = [];
  const signals: string[] = [];
  const { taskFailure, taskRejected, messageDead, taskPostrun } = home.app.signals;
  taskFailure.connect(({ exception }) => signals.push(`failure ${String(exception)}`));
  taskRejected.connect(({ exc, sender }) => signals.push(`rejected ${String(exc)} by ${JSON.stringify(sender)}`));
  messageDead.connect(({ task, id, status, message }) =>
    signals.push(`dead ${task} ${status} ${typeof message === "object" && id !== null}`),
  );
  taskPostrun.connect(({ state }) => signals.push(`postrun ${state}`));
  const tell = home.app.task("tasks.tell", (failure: unknown) => void told.push(failure));
  const declare = (taskOptions: Partial<TaskOptions>, body: () => number) =>
    home.app.task({ name: "tasks.picky", ...taskOptions }, body);
  return { ...home, told, signals, tell, declare };
}

const unwanted = () => {
  throw new Reject("not for me");
};

describe("a message that its task rejects", () => {
  it("is kept among the dead letters; the task has failed, and everybody is told once", async () => {
    const { declare, tell, told, signals, finish, answers, deadLetters } = rejecting();
    const picky = declare({}, unwanted);

    const result = await picky.applyAsync([], { linkError: tell.s() });
    await finish();

    await expect(result.get()).rejects.toMatchObject({ excType: "Reject", message: "not for me" });
    expect(deadLetters).toMatchObject([{ status: 489, taskId: result.id, queue: "default" }]);
    expect(answers).toEqual(["489", "200", "200"]);
    expect(told).toMatchObject([{ excType: "Reject" }]);
    expect(signals.filter((each) => !each.startsWith("postrun SUCCESS"))).toEqual([
      "failure Reject: not for me",
      'rejected Reject: not for me by "worker@tasks"',
      "postrun REJECTED",
      "dead tasks.picky 489 true",
    ]);
  });

  it("ends what waits for it: the rest of its chain, and its chord", async () => {
    const { app, declare, finish } = rejecting();
    const picky = declare({}, unwanted);
    const body = app.task("tasks.body", (values: readonly unknown[]) => values.length);
    const one = app.task("tasks.one", () => 1);

    const steps = await chain(picky.si(), one.si()).delay();
    const members = await chord([picky.si(), one.si()], body.s()).delay();
    await finish();

    await expect(steps.get()).rejects.toMatchObject({ excType: "Reject" });
    await expect(members.get()).rejects.toThrow(/raised Reject/);
  });

  it("runs once more when it is replayed under the next generation", async () => {
    const { app, finish, broker, deadLetters } = rejecting();
    let wanted = false;
    const picky = app.task("tasks.picky", () => {
      if (!wanted) throw new Reject("not yet");
      return 1;
    });
    const result = await picky.delay();
    await finish();
    wanted = true;

    const message = await decodePush(deadLetters[0]?.body ?? "");
    const replay = { ...message, properties: { ...message.properties, generation: 1 } };
    await broker.publish([{ message: replay, queue: "default", deduplicationId: "replay" }]);
    await finish();

    expect(await result.get()).toBe(1);
  });

  it("is kept although the worker died before it could say so", async () => {
    const { declare, tell, told, kill, ports, finish, deadLetters } = rejecting();
    const result = await declare({}, unwanted).applyAsync([], { linkError: tell.s() });
    ports.after("finish", kill);

    await finish();

    expect(deadLetters).toMatchObject([{ status: 489, taskId: result.id }]);
    expect(told).toHaveLength(1);
  });

  it("is kept so although nobody keeps how it ended, as its result is ignored", async () => {
    const { declare, kill, ports, finish, deadLetters } = rejecting();
    const result = await declare({ ignoreResult: true }, unwanted).delay();
    ports.after("finish", kill);

    await finish();

    expect(deadLetters).toMatchObject([{ status: 489, taskId: result.id }]);
  });

  it("is kept so too when all that is there is what its body has shown of itself", async () => {
    const { app, kill, ports, finish, deadLetters } = rejecting();
    const shy = app.task({ name: "tasks.shy", bind: true, ignoreResult: true }, async (task) => {
      await task.progress(50);
      return task.reject("not for me");
    });
    const result = await shy.delay();
    ports.after("finish", kill);

    await finish();

    expect(deadLetters).toMatchObject([{ status: 489, taskId: result.id }]);
  });
});

describe("a message that its task rejects where there is no backend", () => {
  it("is kept, and told of once: nobody else remembers that it has ended", async () => {
    const { app, broker, drain } = backendless();
    const told: string[] = [];
    app.signals.taskFailure.connect(({ exception }) => told.push(`failure ${String(exception)}`));
    app.signals.messageDead.connect(({ status, task }) => told.push(`dead ${task} ${status}`));
    const picky = app.task("tasks.picky", unwanted);

    await picky.delay();
    await drain();

    expect(broker.deadLetters).toHaveLength(1);
    expect(told).toEqual(["failure Reject: not for me", "dead tasks.picky 489"]);
  });
});

describe("a message that is put back", () => {
  it("is rejected for good after so many times as its task says", async () => {
    const { declare, finish, pushes, deadLetters, signals } = rejecting();
    const picky = declare({ maxRequeues: 2 }, () => {
      throw new Reject("not now", { requeue: true });
    });

    const result = await picky.delay();
    await finish();

    expect(pushes.filter(({ url }) => !url.endsWith("/failed"))).toHaveLength(3);
    await expect(result.get()).rejects.toMatchObject({ excType: "Reject", message: "not now" });
    expect(deadLetters).toHaveLength(1);
    expect(signals).toEqual([
      'rejected not now by "worker@tasks"',
      "postrun REJECTED",
      'rejected not now by "worker@tasks"',
      "postrun REJECTED",
      "failure Reject: not now",
      'rejected Reject: not now by "worker@tasks"',
      "postrun REJECTED",
      "dead tasks.picky 489 true",
    ]);
  });

  it.each([
    { what: "thirty times, when nothing is said", conf: {}, deliveries: 31 },
    { what: "as often as the application says", conf: { taskMaxRequeues: 1 }, deliveries: 2 },
  ])("comes back $what", async ({ conf, deliveries }) => {
    const { declare, finish } = rejecting(conf);
    let runs = 0;
    const picky = declare({}, () => {
      runs += 1;
      throw new Reject("not now", { requeue: true });
    });

    await picky.delay();
    await finish();

    expect(runs).toBe(deliveries);
  });

  it("comes back without end where that is asked for, and knows that it was delivered before", async () => {
    const { app, finish } = rejecting();
    const seen: unknown[] = [];
    const picky = app.task({ name: "tasks.picky", bind: true, maxRequeues: null }, ({ request, reject }) => {
      seen.push(request.deliveryInfo.redelivered);
      if (seen.length < 40) reject("not now", { requeue: true });
      return request.retries;
    });

    const result = await picky.delay();
    await finish();

    expect(await result.get()).toBe(0);
    expect(seen).toEqual([false, ...Array.from({ length: 39 }, () => true)]);
  });

  it("is counted anew after a retry", async () => {
    const { app, finish } = rejecting();
    const seen: unknown[] = [];
    const picky = app.task({ name: "tasks.picky", bind: true, maxRequeues: 1 }, (task) => {
      seen.push([task.request.retries, task.request.properties.requeues ?? 0]);
      if (seen.length % 2 === 1) task.reject("not now", { requeue: true });
      if (task.request.retries === 0) task.retry({ countdown: 1 });
      return 1;
    });

    const result = await picky.delay();
    await finish();

    expect(await result.get()).toBe(1);
    expect(seen).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
  });
});

describe("acksOnFailure: false", () => {
  it("keeps the message of a failed task among the dead letters, and that of others not", async () => {
    const { declare, finish, deadLetters, app, answers } = rejecting();
    const boom = declare({ acksOnFailure: false }, () => {
      throw new TypeError("broken");
    });
    const one = app.task({ name: "tasks.one", acksOnFailure: false }, () => 1);

    const result = await boom.delay();
    await one.delay();
    await finish();

    expect(deadLetters).toMatchObject([{ status: 489, taskId: result.id }]);
    expect(answers).toEqual(["489", "200", "200"]);
    expect(await result.state()).toBe("FAILURE");
  });
});

describe("the failure callback of a task whose failures are kept", () => {
  it("is told that all is done: the broker has the message among its dead letters already", async () => {
    const { declare, ports, finish, deadLetters, answers } = rejecting({ brokerRetries: 0 });
    const one = declare({ acksOnFailure: false }, () => 1);
    const result = await one.delay();
    ports.before("claim", () => {
      throw new BackendUnavailable("the store is away");
    });

    await finish();

    expect(answers).toEqual(["503", "200"]);
    expect(deadLetters).toMatchObject([{ status: 503, taskId: result.id }]);
    await expect(result.get()).rejects.toThrow(WorkerLostError);
  });
});

describe("acksOnTimeout: false", () => {
  it("delivers an attempt again that exceeds its hard limit, so often as it may be put back", async () => {
    const { app, clock, finish, deadLetters } = rejecting();
    let runs = 0;
    const slow = app.task({ name: "tasks.slow", timeLimit: 5, acksOnTimeout: false, maxRequeues: 1 }, async () => {
      runs += 1;
      await clock.sleep(60);
    });

    const result = await slow.delay();
    await finish();

    expect(runs).toBe(2);
    await expect(result.get()).rejects.toThrow("took longer than its hard time limit of 5 s");
    expect(deadLetters).toHaveLength(1);
  });
});

describe("an error that says that another task has exceeded its limit", () => {
  it.each([
    { what: "fails the task, which has exceeded none", options: { acksOnTimeout: false }, runs: 1 },
    { what: "is retried as any other", options: { autoretryFor: [TimeLimitExceeded], maxRetries: 1 }, runs: 2 },
  ])("$what", async ({ options, runs: expected }) => {
    const { declare, finish } = rejecting();
    let runs = 0;
    const parent = declare({ timeLimit: 60, ...options }, () => {
      runs += 1;
      throw new TimeLimitExceeded("5");
    });

    const result = await parent.delay();
    await finish();

    expect(runs).toBe(expected);
    await expect(result.get()).rejects.toThrow(TimeLimitExceeded);
  });
});

describe("rejectOnWorkerLost: false", () => {
  it("fails an attempt whose worker died, and does not run it again", async () => {
    const { app, broker, kill, finish } = rejecting();
    let runs = 0;
    const fragile = app.task({ name: "tasks.fragile", rejectOnWorkerLost: false }, async () => {
      runs += 1;
      return await new Promise<number>(() => undefined);
    });
    const result = await fragile.delay();
    const working = broker.deliverNext();
    await until(() => runs === 1);
    kill();
    await working;

    await finish();

    expect(runs).toBe(1);
    await expect(result.get()).rejects.toThrow(WorkerLostError);
  });
});

describe("the signal workerLost", () => {
  it("tells that an attempt runs again whose worker died", async () => {
    const { app, broker, kill, finish } = rejecting();
    const lost: unknown[] = [];
    app.signals.workerLost.connect(({ request, isRunAgain }) => lost.push([request.id, isRunAgain]), {
      sender: "tasks.fragile",
    });
    let runs = 0;
    const fragile = app.task("tasks.fragile", async () => {
      runs += 1;
      return runs === 1 ? await new Promise<number>(() => undefined) : runs;
    });
    const result = await fragile.delay();
    const working = broker.deliverNext();
    await until(() => runs === 1);
    kill();
    await working;

    await finish();

    expect(lost).toEqual([[result.id, true]]);
    expect(await result.get()).toBe(2);
  });
});
