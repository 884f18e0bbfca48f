/** Delivery, points 1, 3, 4 and 14: attempts, retries, requeues, expiry, and messages that the broker refuses. */

import { decodePush } from "@umbel/protocol";
import { chain, chord, group, Ignore, MessageTooLargeError, Reject, TaskRevokedError } from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { type Acceptance, acceptance } from "./acceptance-tasks.ts";
import { world } from "./world.ts";

describe("a message", () => {
  it("is protocol 2 as plain JSON, in an envelope with a version", async () => {
    const { app, broker } = world();
    const add = app.task("tasks.add", (x: number, y: number) => x + y);

    const result = await add.delay(2, 3);

    const push: unknown = JSON.parse(broker.waiting[0]?.body ?? "");
    expect(push).toMatchObject({
      v: 1,
      headers: { lang: "js", task: "tasks.add", id: result.id, root_id: result.id, retries: 0, argsrepr: "(2, 3)" },
      properties: { correlation_id: result.id, queue: "default" },
      body: [[2, 3], {}, { callbacks: null, errbacks: null, chain: null, chord: null }],
    });
  });

  it.each(["plain", "with spaces, / and %2F", "ünïcödé", "x".repeat(255)])("may have any id: %s", async (taskId) => {
    const { app, drain } = world();
    const add = app.task("tasks.add", (x: number, y: number) => x + y);

    const result = await add.applyAsync([2, 3], { taskId });
    await drain();

    expect(result.id).toBe(taskId);
    expect(await app.result(taskId).get()).toBe(5);
  });
});

describe("a retry", () => {
  it("keeps id, root, queue, priority, headers and the absolute expiry", async () => {
    const { app, clock, broker, finish } = world();
    const seen: unknown[] = [];
    const again = app.task({ name: "tasks.again", bind: true }, ({ request, retry }) => {
      const { id, rootId, parentId, deliveryInfo, headers, expires, retries } = request;
      seen.push({ id, rootId, parentId, queue: deliveryInfo.queue, priority: deliveryInfo.priority, headers, expires });
      if (retries < 2) retry({ countdown: 10 });
    });

    const result = await again.applyAsync([], {
      queue: "slow",
      priority: 7,
      expires: 60,
      headers: { tenant: "acme" },
    });
    const expires = clock.now() + 60_000;
    await finish();

    const call = { id: result.id, rootId: result.id, parentId: null, headers: { tenant: "acme" }, expires };
    const same = { ...call, queue: "slow", priority: 7 };
    expect(seen).toEqual([same, same, same]);
    expect(broker.waiting).toEqual([]);
  });

  it("that comes too late is revoked", async () => {
    const { app, finish } = world();
    let runs = 0;
    const again = app.task({ name: "tasks.again", bind: true }, (task) => {
      runs += 1;
      task.retry({ countdown: 61 });
    });

    const result = await again.applyAsync([], { expires: 60 });
    await finish();

    expect(runs).toBe(1);
    await expect(result.get()).rejects.toThrow(new TaskRevokedError("expired"));
  });

  it("is not what a redelivery is: an attempt that has begun does not expire", async () => {
    const { app, broker, clock, kill, drain } = world();
    let runs = 0;
    const slow = app.task("tasks.slow", async () => {
      runs += 1;
      return runs === 1 ? await new Promise<number>(() => undefined) : runs;
    });
    const result = await slow.applyAsync([], { expires: 30 });
    const first = broker.deliverNext();
    await until(() => runs === 1);
    kill();
    await first;

    await clock.advance(60);
    await drain();

    expect(await result.get()).toBe(2);
  });

  it("is asked for without asking when the error is one of autoretryFor, and waits for the backoff", async () => {
    const { app, clock, finish } = world();
    const start = clock.now();
    const begun: number[] = [];
    const flaky = app.task(
      {
        name: "tasks.flaky",
        bind: true,
        autoretryFor: [TypeError],
        dontAutoretryFor: [SyntaxError],
        retryBackoff: 2,
        retryBackoffMax: 10,
        retryJitter: false,
        maxRetries: 5,
      },
      (task) => {
        begun.push((clock.now() - start) / 1000);
        throw task.request.retries < 4 ? new TypeError("again") : new SyntaxError("enough");
      },
    );

    const result = await flaky.delay();
    await finish();

    expect(begun).toEqual([0, 2, 6, 14, 24]);
    await expect(result.get()).rejects.toThrow("enough");
  });

  it("is not made up for by autoretryFor when the body's own limit is reached", async () => {
    const { app, finish, pushes } = world();
    const again = app.task({ name: "tasks.again", bind: true, autoretryFor: [TypeError], maxRetries: 5 }, (task) =>
      task.retry({ maxRetries: 1, countdown: 1, exc: new TypeError("enough") }),
    );

    const result = await again.delay();
    await finish();

    expect(pushes).toHaveLength(2);
    await expect(result.get()).rejects.toThrow("enough");
  });

  it("that is due in weeks keeps its earlier attempts from being run again meanwhile", async () => {
    const { app, drain, redeliver, clock } = world();
    let runs = 0;
    const again = app.task({ name: "tasks.again", bind: true }, (task) => {
      runs += 1;
      task.retry({ countdown: "30d" });
    });
    await again.delay();
    await drain();

    await clock.advance(20 * 86_400);
    const response = await redeliver(0);

    expect(await response.json()).toEqual({ state: "RETRY" });
    expect(runs).toBe(1);
  });

  it("is not published when the outcome could not be stored, and is when it is", async () => {
    const { app, ports, drain } = world();
    const again = app.task({ name: "tasks.again", bind: true }, (task) => task.retry({ countdown: 10 }));
    await again.delay();
    ports.calls.length = 0;

    await drain();

    expect(ports.calls).toEqual(["verify", "claim", "finish", "publish"]);
  });
});

describe("a requeue", () => {
  it("delivers the same attempt again after a pause that grows, under the next generation", async () => {
    const { app, broker, clock, finish, pushes } = world();
    const begun: number[] = [];
    const start = clock.now();
    const picky = app.task({ name: "tasks.picky", bind: true }, (task) => {
      begun.push((clock.now() - start) / 1000);
      expect(task.request.retries).toBe(0);
      if (begun.length < 4) throw new Reject("not now", { requeue: true });
      return "now";
    });

    const result = await picky.delay();
    await broker.deliverNext();
    expect(await result.state()).toBe("PENDING");
    await finish();

    expect(begun).toEqual([0, 1, 3, 7]);
    const messages = await Promise.all(pushes.map(async (each) => await decodePush(each.body)));
    expect(messages.map((each) => each.properties.generation ?? 0)).toEqual([0, 1, 2, 3]);
    expect(messages.map((each) => each.headers.eta)).toEqual([null, null, null, null]);
    expect(await result.get()).toBe("now");
  });
});

describe("Ignore", () => {
  it("leaves the state that the body has set itself", async () => {
    const { app, drain } = world();
    const own = app.task({ name: "tasks.own", bind: true }, async (task) => {
      await task.updateState({ state: "FAILURE", meta: { exc_type: "Mine", exc_message: ["own"], exc_module: null } });
      throw new Ignore();
    });

    const result = await own.delay();
    await drain();

    await expect(result.get()).rejects.toMatchObject({ message: "own", excType: "Mine" });
  });

  it("is SUCCESS with null for readers otherwise", async () => {
    const { app, drain, lines } = world();
    const shy = app.task("tasks.shy", () => {
      throw new Ignore();
    });

    const result = await shy.delay();
    await drain();

    expect(await result.get()).toBeNull();
    expect(lines.at(-1)?.message).toBe("ignored");
  });
});

/** A world whose store takes no more than the broker. */
function strict(): Acceptance {
  const home = acceptance();
  const error = new MessageTooLargeError("saveAll has 1100002 bytes, the limit is 1000000");
  Object.assign(home.backend, { saveAll: async () => await Promise.reject(error) });
  return home;
}

describe("a message that the broker will never take, with arguments that the store does not take either", () => {
  const large = "x".repeat(1_100_000);

  it("is refused at the caller, and nothing is sent", async () => {
    const { log, broker } = strict();

    await expect(log.delay(large)).rejects.toThrow(MessageTooLargeError);

    expect(broker.waiting).toEqual([]);
  });

  it("ends the member of a group that it was as a failure, and the others run", async () => {
    const { log, add, finish } = strict();

    const result = await group([log.si(large), add.si(1, 1)]).delay();
    await finish();

    expect(await result.settled()).toMatchObject([
      { state: "FAILURE", error: { code: "MESSAGE_TOO_LARGE" } },
      { state: "SUCCESS", result: 2 },
    ]);
  });

  it("ends the step of a chain that it was, and those after it, as failures", async () => {
    const { app, log, finish, logged } = strict();
    const give = app.task("tasks.give", () => large);

    const result = await chain(give.s(), log.s(), log.si("after")).delay();
    await finish();

    expect(logged).toEqual([]);
    await expect(result.parent?.get()).rejects.toThrow(/1000000/);
    await expect(result.get()).rejects.toThrow(/1000000/);
    expect(await result.parent?.parent?.get()).toHaveLength(large.length);
  });

  it("does not keep its neighbours from being sent", async () => {
    const { app, log, finish, logged } = strict();
    const give = app.task("tasks.give", () => large);

    await give.applyAsync([], { link: [log.s(), log.si("small")] });
    await finish();

    expect(logged).toEqual([["small"]]);
  });

  it("fails the body of a chord, and its errback hears of it", async () => {
    const { app, finish, logged } = strict();
    const give = app.task("tasks.give", () => large);
    const body = app.task("tasks.body", (values: readonly string[]) => values.length);
    const told = app.task("tasks.told", (failure: { readonly excType: string }) => {
      logged.push([failure.excType]);
    });

    const result = await chord([give.si(), give.si()], body.s().linkError(told.s())).delay();
    await finish();

    await expect(result.get()).rejects.toThrow(/1000000/);
    expect(logged).toEqual([["MessageTooLargeError"]]);
  });
});
