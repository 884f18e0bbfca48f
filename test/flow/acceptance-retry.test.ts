/** Acceptance examples, section 5: retry, limits, ignored results. */

import {
  MaxRetriesExceededError,
  SoftTimeLimitExceeded,
  TaskFailure,
  type TaskRequest,
  TimeLimitExceeded,
} from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { acceptanceOn, places } from "./acceptance-stores.ts";

describe.each(places)("retry, limits, ignored results, on %s", (place) => {
  const acceptance = acceptanceOn(place);

  it("retry by hand: two attempts five seconds apart, then MaxRetriesExceededError with the cause", async () => {
    const { app, div, drain, clock, pushes, broker } = acceptance({ taskTrackStarted: true });
    const begun: [string, number, string][] = [];
    app.signals.taskPrerun.connect(async ({ taskId }) => {
      begun.push([taskId, clock.now(), await app.result(taskId).state()]);
    });
    const start = clock.now();

    const result = await div.delay(4, 0);
    await drain();
    expect(await result.state()).toBe("RETRY");
    expect(await result.info()).toMatchObject({ message: "division by zero", excType: "RangeError" });
    expect(broker.waiting.map((each) => each.dueAt)).toEqual([start + 5000]);
    await clock.advance(5);
    await drain();

    expect(begun).toEqual([
      [result.id, start, "STARTED"],
      [result.id, start + 5000, "STARTED"],
    ]);
    expect(pushes.map((each) => each.queue)).toEqual(["default", "default"]);
    expect(await result.state()).toBe("FAILURE");
    const error: unknown = await result.get({ propagate: false });
    expect(error).toBeInstanceOf(MaxRetriesExceededError);
    expect(error).toMatchObject({
      message: `Can't retry tasks.div[${result.id}] args:(4, 0) kwargs:{}`,
      cause: { message: "division by zero", excType: "RangeError" },
    });
  });

  it.each([
    { given: { countdown: 60 }, options: { defaultRetryDelay: 1800 }, wait: 60, why: "the call's countdown" },
    { given: {}, options: { defaultRetryDelay: "30m" }, wait: 1800, why: "the task's defaultRetryDelay" },
    { given: {}, options: {}, wait: 180, why: "three minutes when nothing is said" },
    { given: { countdown: 0 }, options: {}, wait: 0, why: "no wait for a countdown of 0" },
  ])("delay of a task, of a call: $wait s, $why", async ({ given, options, wait }) => {
    const { app, broker, clock } = acceptance();
    const again = app.task({ name: "tasks.again", bind: true, ...options }, (task) => task.retry(given));

    await again.delay();
    await broker.deliverNext();

    expect(broker.waiting.map((each) => each.dueAt)).toEqual([clock.now() + wait * 1000]);
  });

  it("delay of a call: an eta is the time at which it runs again", async () => {
    const { app, broker, clock } = acceptance();
    const eta = new Date(clock.now() + 7000);
    const again = app.task({ name: "tasks.again", bind: true }, (task) => task.retry({ eta }));

    await again.delay();
    await broker.deliverNext();

    expect(broker.waiting.map((each) => each.dueAt)).toEqual([eta.getTime()]);
  });

  it("default and endless: a task is retried three times when nothing is set", async () => {
    const { app, finish, pushes } = acceptance();
    const again = app.task({ name: "tasks.again", bind: true }, (task) => task.retry());

    const result = await again.delay();
    await finish();

    expect(pushes).toHaveLength(4);
    await expect(result.get()).rejects.toThrow(MaxRetriesExceededError);
  });

  it("default and endless: without a limit it goes on for ever", async () => {
    const { app, finish, pushes } = acceptance();
    const again = app.task({ name: "tasks.again", bind: true, maxRetries: null }, (task): number =>
      task.request.retries < 40 ? task.retry() : 1,
    );

    const result = await again.delay();
    await finish();

    expect(pushes).toHaveLength(41);
    expect(await result.get()).toBe(1);
  });

  it("given error: it is what fails the task when no retry is left", async () => {
    const { app, finish } = acceptance();
    const again = app.task({ name: "tasks.again", bind: true, maxRetries: 1 }, (task) =>
      task.retry({ exc: new TypeError("given") }),
    );

    const result = await again.delay();
    await finish();

    await expect(result.get()).rejects.toMatchObject({ message: "given", excType: "TypeError" });
  });

  it("retry: catching everything does not undo it", async () => {
    const { app, finish } = acceptance();
    const stubborn = app.task({ name: "tasks.stubborn", bind: true }, (task) => {
      try {
        if (task.request.retries === 0) task.retry({ countdown: 1 });
      } catch {
        return "caught";
      }
      return "second attempt";
    });

    const result = await stubborn.delay();
    await finish();

    expect(await result.get()).toBe("second attempt");
  });

  it("soft limit: the body hears of it at its time and what it returns is the result", async () => {
    const { app, clock, drain, ran } = acceptance();
    const heard: unknown[] = [];
    const patient = app.task({ name: "tasks.patient", bind: true, softTimeLimit: 60, timeLimit: 100 }, async (task) => {
      ran.slow += 1;
      await clock.sleep(1000, task.signal).catch((reason: unknown) => heard.push(reason, clock.now()));
      return "cleaned up";
    });
    const start = clock.now();

    const result = await patient.delay();
    const drained = drain();
    await until(() => ran.slow === 1);
    await clock.advance(60);
    await drained;

    expect(heard).toEqual([expect.any(SoftTimeLimitExceeded), start + 60_000]);
    expect(await result.get()).toBe("cleaned up");
  });

  it("hard limit: a body that ignores the signal fails, and what it returns later changes nothing", async () => {
    const { app, clock, drain, ran } = acceptance();
    const deaf = app.task({ name: "tasks.deaf", softTimeLimit: 60, timeLimit: 100 }, async () => {
      ran.slow += 1;
      await clock.sleep(200);
      return "too late";
    });

    const result = await deaf.delay();
    const drained = drain();
    await until(() => ran.slow === 1);
    await clock.advance(100);
    await drained;
    const ended = await result.meta();

    await expect(result.get()).rejects.toThrow(`The call ${result.id} took longer than its hard time limit of 100 s`);
    await clock.advance(100);
    expect(await result.meta()).toEqual(ended);
  });

  it("hard limit: the signal aborts at it, so that a body may stop", async () => {
    const { app, clock, drain, ran } = acceptance();
    const reasons: unknown[] = [];
    const polite = app.task({ name: "tasks.polite", bind: true, timeLimit: 100 }, async (task) => {
      ran.slow += 1;
      await clock.sleep(200, task.signal).catch((reason: unknown) => reasons.push(reason));
    });

    await polite.delay();
    const drained = drain();
    await until(() => ran.slow === 1);
    await clock.advance(100);
    await drained;

    expect(reasons).toEqual([expect.any(TimeLimitExceeded)]);
  });

  it.each([
    { who: "the application", conf: { taskIgnoreResult: true }, options: {} },
    { who: "the task", conf: {}, options: { ignoreResult: true } },
  ])("ignored: $who keeps no results, and nobody waits for one", async ({ conf, options }) => {
    const { app, drain } = acceptance(conf);
    const quiet = app.task({ name: "tasks.quiet", ...options }, () => 2);

    const result = await quiet.delay();

    expect(await result.get()).toBeUndefined();
    await drain();
    expect(await result.meta()).toBeUndefined();
  });

  it("ignored: the call may say so, and may say otherwise", async () => {
    const { app, add, drain } = acceptance();
    const quiet = app.task({ name: "tasks.quiet", ignoreResult: true }, () => 2);

    const ignored = await add.applyAsync([1, 1], { ignoreResult: true });
    const kept = await quiet.applyAsync([], { ignoreResult: false });
    await drain();

    expect(await ignored.get()).toBeUndefined();
    expect(await ignored.meta()).toBeUndefined();
    expect(await kept.get()).toBe(2);
  });

  it("ignored, errors kept: the caller's own handle tells a failure, and of a success undefined", async () => {
    const { app, add, boom, drain } = acceptance({ taskIgnoreResult: true, taskStoreErrorsEvenIfIgnored: true });

    const fine = await add.delay(1, 1);
    const failed = await boom.delay();
    await drain();

    expect(await fine.get()).toBeUndefined();
    expect(await failed.get({ propagate: false })).toBeInstanceOf(TaskFailure);
    expect(await app.result(failed.id).get({ propagate: false })).toBeInstanceOf(TaskFailure);
  });

  it("request: a bound task knows its call", async () => {
    const { app, drain } = acceptance();
    const requests: TaskRequest[] = [];
    const curious = app.task({ name: "tasks.curious", bind: true }, (task, _x: number, _y: number) => {
      requests.push(task.request);
    });

    const result = await curious.delay(5, 5);
    await drain();

    expect(requests).toEqual([
      {
        id: result.id,
        task: "tasks.curious",
        args: [5, 5],
        kwargs: {},
        retries: 0,
        rootId: result.id,
        parentId: null,
        group: null,
        groupIndex: null,
        eta: null,
        expires: null,
        timeLimit: null,
        softTimeLimit: null,
        shadow: null,
        origin: "tasks@js",
        hostname: "worker@tasks",
        ignoreResult: false,
        replyTo: "",
        correlationId: result.id,
        argsrepr: "(5, 5)",
        kwargsrepr: "{}",
        deliveryInfo: { queue: "default", priority: null, redelivered: false },
        callbacks: null,
        errbacks: null,
        chain: null,
        chord: null,
        headers: {},
        properties: { correlation_id: result.id, reply_to: "", queue: "default" },
        stamps: {},
        stampedHeaders: [],
        replacedTaskNesting: 0,
        children: [],
        utc: true,
        isEager: false,
        calledDirectly: false,
      },
    ]);
  });

  it("limits of a task hold wherever its call was sent from", async () => {
    const { app, stranger, clock, drain, ran } = acceptance();
    app.task({ name: "tasks.limited", timeLimit: 5 }, async () => {
      ran.slow += 1;
      await clock.sleep(60);
    });

    const result = await stranger.sendTask("tasks.limited");
    const drained = drain();
    await until(() => ran.slow === 1);
    await clock.advance(5);
    await drained;

    await expect(result.get()).rejects.toThrow(TimeLimitExceeded);
  });
});
