/** Delivery, points 10 and 11: a hard limit that nobody could keep, and a broker that has given up. */

import { decodePush } from "@umbel/protocol";
import { BackendUnavailable, chord, TimeLimitExceeded, WorkerLostError } from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { world, type WorldOptions } from "./world.ts";

/** A world with a task that never ends by itself, and what is told of its failures. */
function stuck(options: WorldOptions = {}) {
  const home = world(options);
  const runs: string[] = [];
  const told: unknown[] = [];
  const failures: unknown[] = [];
  home.app.signals.taskFailure.connect(({ exception }) => failures.push(exception));
  return {
    ...home,
    runs,
    told,
    failures,
    hang: home.app.task({ name: "tasks.hang", timeLimit: 30 }, async () => {
      runs.push("hang");
      return await new Promise<number>(() => undefined);
    }),
    short: home.app.task("tasks.short", () => runs.push("short")),
    tell: home.app.task("tasks.tell", (failure: unknown) => {
      told.push(failure);
    }),
  };
}

const storeIsAway = () => {
  throw new BackendUnavailable("the store is away");
};

describe("a hard limit", () => {
  it("that the holder could not keep fails the task at the next claim, without running it", async () => {
    const { hang, tell, runs, told, broker, clock, kill, finish, answers } = stuck({ workerLease: 10 });
    const result = await hang.applyAsync([], { linkError: tell.s() });
    const delivered = broker.deliverNext();
    await until(() => runs.length === 1);
    await clock.advance(29);
    kill();
    await delivered;

    await finish();

    expect(runs).toEqual(["hang"]);
    expect(answers).toEqual(["connection lost", "409 after 34 s", "200", "200"]);
    await expect(result.get()).rejects.toThrow("took longer than its hard time limit of 30 s");
    expect(told).toMatchObject([{ id: result.id, excType: "TimeLimitExceeded", excMessage: "30" }]);
  });

  it("starts anew for an attempt that begins anew", async () => {
    const { hang, runs, broker, clock, kill, drain } = stuck({ workerLease: 10 });
    const result = await hang.delay();
    const first = broker.deliverNext();
    await until(() => runs.length === 1);
    await clock.advance(5);
    kill();
    await first;
    await clock.advance(15);
    const second = drain();
    await until(() => runs.length === 2);

    await clock.advance(29);
    expect(await result.ready()).toBe(false);
    await clock.advance(1);
    await second;

    await expect(result.get()).rejects.toThrow(TimeLimitExceeded);
  });
});

describe("a broker that has given up", () => {
  it("fails a task that nobody ever began, and tells its errback, its chord and its signal", async () => {
    const { short, hang, tell, runs, told, failures, ports, finish, broker } = stuck({ brokerRetries: 2 });
    const result = await chord([short.si().linkError(tell.s())], hang.si()).delay();
    for (let tries = 0; tries < 3; tries += 1) ports.before("claim", storeIsAway);

    await finish();

    expect(runs).toEqual([]);
    expect(broker.deadLetters).toHaveLength(1);
    expect(failures).toEqual([expect.any(WorkerLostError)]);
    expect(told).toMatchObject([{ excType: "WorkerLostError" }]);
    await expect(result.get()).rejects.toThrow(/^Dependency .* raised WorkerLostError/);
  });

  it("is told to come back while a worker is at it", async () => {
    const { hang, runs, drain, broker, pushes, answers } = stuck({ brokerRetries: 0 });
    const result = await hang.delay();
    const working = broker.deliverNext();
    await until(() => runs.length === 1);
    const message = await decodePush(pushes[0]?.body ?? "");
    await broker.publish([{ message, queue: "default", deduplicationId: "twice" }]);

    await drain();

    expect(answers).toEqual(["409 after 60 s", "409 after 60 s"]);
    expect(pushes.map((each) => new URL(each.url).pathname)).toEqual(["/q/default", "/q/default", "/failed"]);
    expect(await result.ready()).toBe(false);
    void working;
  });

  it("fails a task whose worker died, once its lease has ended", async () => {
    const { hang, tell, told, failures, ports, kill, finish, answers, clock, runs } = stuck({ brokerRetries: 2 });
    const start = clock.now();
    const slow = hang.signature([], { timeLimit: 3600, linkError: tell.s() });
    const result = await slow.delay();
    ports.after("claim", kill);
    ports.after("claim", () => undefined);
    ports.after("claim", kill);

    await finish();

    expect(answers).toEqual(["connection lost", "409 after 55 s", "connection lost", "409 after 60 s", "200", "200"]);
    expect(clock.now()).toBe(start + 120_000);
    expect(runs).toEqual([]);
    expect(failures).toEqual([expect.any(WorkerLostError)]);
    expect(told).toMatchObject([{ excType: "WorkerLostError" }]);
    await expect(result.get()).rejects.toThrow(WorkerLostError);
  });

  it("is thanked when the task has ended, and what follows is sent by then", async () => {
    const { short, runs, ports, kill, finish, answers, pushes } = stuck({ brokerRetries: 0 });
    const result = await short.si().pipe(short.si()).delay();
    ports.after("finish", kill);

    await finish();

    expect(pushes.map((each) => new URL(each.url).pathname)).toEqual(["/q/default", "/failed", "/q/default"]);
    expect(answers).toEqual(["connection lost", "200", "200"]);
    expect(runs).toEqual(["short", "short"]);
    expect(await result.successful()).toBe(true);
  });

  it("of a task that was revoked meanwhile ends it as revoked", async () => {
    const { short, ports, finish, runs } = stuck({ brokerRetries: 0 });
    const result = await short.delay();
    ports.before("claim", storeIsAway);
    await result.revoke();

    await finish();

    expect(runs).toEqual([]);
    expect(await result.state()).toBe("REVOKED");
  });
});
