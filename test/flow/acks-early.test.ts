/** Delivery, point 12: acknowledged before it runs, and never lost for all that. */

import { decodePush } from "@umbel/protocol";
import {
  BackendUnavailable,
  BrokerUnavailable,
  chain,
  chord,
  ImproperlyConfigured,
  TimeLimitExceeded,
  Umbel,
  WorkerLostError,
} from "umbel";
import { testKit } from "umbel/testing";
import { worker } from "umbel/worker";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { backendless } from "./backendless.ts";
import { world, type WorldOptions } from "./world.ts";

/** A world with a task that is acknowledged early and waits at a gate, and one that hears of failures. */
function early(options: WorldOptions = {}) {
  const home = world({ workerLease: 10, ...options });
  const gates: ((value: number) => void)[] = [];
  const told: unknown[] = [];
  const wait = home.app.task({ name: "tasks.wait", bind: true, acksLate: false }, async ({ signal }) => {
    return await new Promise<number>((resolve, reject) => {
      gates.push(resolve);
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  });
  const tell = home.app.task("tasks.tell", (failure: unknown) => void told.push(failure));
  return { ...home, gates, told, wait, tell };
}

/** What the pushes were about, in order. */
async function pushed({ pushes }: Pick<ReturnType<typeof early>, "pushes">): Promise<readonly string[]> {
  return await Promise.all(
    pushes.map(async ({ body, url }) => {
      if (url.endsWith("/failed")) return "failed";
      return (await decodePush(body)).headers.task;
    }),
  );
}

describe("a task that is acknowledged early", () => {
  it("is claimed, guarded, acknowledged, and run; its guard then finds its end", async () => {
    const home = early();
    const { wait, broker, ports, answers, gates, finish, clock } = home;
    const result = await wait.delay();
    ports.calls.length = 0;
    await broker.deliverNext();

    expect(answers).toEqual(["202"]);
    expect(ports.calls).toEqual(["verify", "claim", "publish"]);
    expect(broker.waiting).toMatchObject([{ queue: "default", dueAt: clock.now() + 10_000 }]);
    await until(() => gates.length === 1);
    gates[0]?.(8);
    await finish();

    expect(ports.calls.filter((each) => each !== "verify")).toEqual(["claim", "publish", "finish", "claim"]);
    expect(await result.get()).toBe(8);
    expect(await pushed(home)).toEqual(["tasks.wait", "umbel.guard"]);
    expect(answers).toEqual(["202", "200"]);
  });

  it("may be one of all that the application has", async () => {
    const { app, finish, answers } = early({ taskAcksLate: false });
    const add = app.task("tasks.add", (x: number, y: number) => x + y);

    const result = await add.delay(1, 2);
    await finish();

    expect(await result.get()).toBe(3);
    expect(answers[0]).toBe("202");
  });

  it("may take longer than its lease: the guard is told to come back", async () => {
    const { wait, broker, gates, clock, finish, answers } = early();
    const result = await wait.delay();
    await broker.deliverNext();
    await until(() => gates.length === 1);

    await clock.advance(12);
    await broker.deliverNext();
    expect(answers).toEqual(["202", expect.stringMatching(/^409 after \d+ s$/)]);
    gates[0]?.(8);
    await finish();

    expect(await result.get()).toBe(8);
    expect(gates).toHaveLength(1);
    expect(answers.at(-1)).toBe("200");
  });

  it("sends what follows it, and is retried as any other", async () => {
    const { app, finish } = early();
    const flaky = app.task({ name: "tasks.flaky", bind: true, acksLate: false }, (task): number =>
      task.request.retries < 2 ? task.retry({ countdown: 1 }) : task.request.retries,
    );
    const add = app.task("tasks.add", (x: number, y: number) => x + y);

    const result = await chain(flaky.s(), add.s(1)).delay();
    await finish();

    expect(await result.get()).toBe(3);
  });
});

describe("a task that is acknowledged early and exceeds its hard limit", () => {
  it.each([
    { who: "its worker finds out", isKilled: false },
    { who: "its guard finds out", isKilled: true },
  ])("fails, and is not begun once more, whatever acksOnTimeout says: $who", async ({ isKilled }) => {
    const { app, broker, clock, finish, kill } = early();
    let runs = 0;
    const options = { acksLate: false, acksOnTimeout: false, timeLimit: 5 };
    const slow = app.task({ name: "tasks.slow", ...options }, async () => {
      runs += 1;
      await clock.sleep(60);
    });
    const result = await slow.delay();
    await broker.deliverNext();
    await until(() => runs === 1);
    if (isKilled) kill();

    await finish();

    expect(runs).toBe(1);
    await expect(result.get()).rejects.toThrow(TimeLimitExceeded);
  });
});

describe("a task that is acknowledged early where there is no backend", () => {
  it("says what is lost when nobody can be told how it ended: there is no guard that could come", async () => {
    const { app, broker, drain, lines } = backendless({ workerLease: 1, taskPublishRetryPolicy: { maxRetries: 0 } });
    const one = app.task({ name: "tasks.one", acksLate: false }, () => {
      broker.publish = async () => await Promise.reject(new BrokerUnavailable("the broker is away"));
      return 1;
    });
    const next = app.task("tasks.next", () => 2);
    await chain(one.si(), next.si()).delay();

    await drain();
    await until(() => lines.some(({ message }) => message.startsWith("was acknowledged")));

    expect(lines.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/could not be stored or sent; nobody else will do it: .*the broker is away/),
    );
  });

  it("runs after the answer, without a guard: there is no lease that it could ask for", async () => {
    const { app, broker, drain, fired } = backendless();
    const add = app.task({ name: "tasks.add", acksLate: false }, (x: number, y: number) => x + y);

    await add.delay(1, 2);
    await drain();
    await until(() => fired.includes("postrun tasks.add"));

    expect(fired).toContain("success tasks.add");
    expect(broker.waiting).toEqual([]);
  });
});

describe("a worker that dies after it has acknowledged", () => {
  it("leaves a guard that fails the task and tells errback, chain and chord", async () => {
    const { app, wait, tell, told, broker, gates, kill, finish, answers } = early();
    const body = app.task("tasks.body", (values: readonly number[]) => values.length);
    const one = app.task("tasks.one", () => 1);
    const failures: unknown[] = [];
    app.signals.taskFailure.connect(({ exception }) => failures.push(exception), { sender: wait });
    const lost: unknown[] = [];
    app.signals.workerLost.connect(({ request, isRunAgain, sender }) => {
      lost.push([request.task, isRunAgain, sender.name]);
    });
    const alone = await chain(wait.si().linkError(tell.s()), one.si()).delay();
    const together = await chord([wait.si(), one.si()], body.s()).delay();
    await broker.deliverNext();
    await broker.deliverNext();
    await until(() => gates.length === 2);
    kill();

    await finish();

    expect(gates).toHaveLength(2);
    expect(failures).toEqual([expect.any(WorkerLostError), expect.any(WorkerLostError)]);
    expect(told).toMatchObject([{ excType: "WorkerLostError", task: "tasks.wait" }]);
    expect(lost).toEqual([
      ["tasks.wait", false, "tasks.wait"],
      ["tasks.wait", false, "tasks.wait"],
    ]);
    await expect(alone.get()).rejects.toThrow(WorkerLostError);
    await expect(together.get()).rejects.toThrow(/raised WorkerLostError/);
    expect(answers.slice(0, 2)).toEqual(["202", "202"]);
  });

  it("leaves nothing to be told twice, however often the guard comes", async () => {
    const { wait, tell, told, broker, gates, kill, finish, redeliver, pushes } = early();
    const result = await wait.applyAsync([], { linkError: tell.s() });
    await broker.deliverNext();
    await until(() => gates.length === 1);
    kill();
    await finish();
    const before = pushes.length;

    const again = await redeliver(1);
    await finish();

    expect(await again.json()).toEqual({ state: "FAILURE" });
    expect(told).toHaveLength(1);
    expect(pushes).toHaveLength(before);
    expect(await result.state()).toBe("FAILURE");
  });

  it("after its end was stored, leaves a guard that sends what follows", async () => {
    const { app, wait, broker, gates, kill, finish, ports } = early();
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    const result = await chain(wait.si(), add.s(1)).delay();
    await broker.deliverNext();
    await until(() => gates.length === 1);
    ports.after("finish", kill);
    gates[0]?.(8);

    await finish();

    expect(await result.get()).toBe(9);
    expect(gates).toHaveLength(1);
  });

  it("before it has acknowledged, leaves a message whose task fails: it may have begun", async () => {
    const { wait, ports, kill, finish, gates } = early();
    const result = await wait.delay();
    ports.after("claim", kill);

    await finish();

    expect(gates).toHaveLength(0);
    await expect(result.get()).rejects.toThrow(WorkerLostError);
  });
});

describe("a guard", () => {
  it("that comes early, or late, or twice, changes nothing while the task runs", async () => {
    const { wait, broker, gates, finish, clock, redeliver, answers } = early();
    const result = await wait.delay();
    await broker.deliverNext();
    await until(() => gates.length === 1);
    Object.assign(broker.waiting[0] ?? {}, { dueAt: clock.now() });

    await broker.deliverNext();
    const again = await redeliver(1);
    expect([answers[1], again.status]).toEqual(["409 after 10 s", 409]);
    gates[0]?.(8);
    await until(async () => await result.ready());
    await clock.advance(3600);
    await finish();

    expect(await result.get()).toBe(8);
  });

  it("of an attempt that was retried is overtaken", async () => {
    const { app, finish, pushes, redeliver } = early();
    const flaky = app.task({ name: "tasks.flaky", bind: true, acksLate: false }, (task): number =>
      task.request.retries === 0 ? task.retry({ countdown: 1 }) : 1,
    );
    const result = await flaky.delay();
    await finish();
    const guards = (await pushed({ pushes })).flatMap((task, nth) => (task === "umbel.guard" ? [nth] : []));

    const states = await Promise.all(guards.map(async (nth) => (await redeliver(nth)).status));

    expect(states).toEqual([200, 200]);
    expect(await result.get()).toBe(1);
  });

  it("that the broker gives up is handled as the task's own message would be", async () => {
    const { wait, broker, gates, kill, finish, ports } = early({ brokerRetries: 0 });
    const result = await wait.delay();
    await broker.deliverNext();
    await until(() => gates.length === 1);
    kill();
    ports.before("claim", () => {
      throw new BackendUnavailable("the store is away");
    });

    await finish();

    await expect(result.get()).rejects.toThrow(WorkerLostError);
  });

  it("that carries no message is refused", async () => {
    const { app, finish, answers, broker } = early();
    await app.sendTask("umbel.guard", { args: [1] });
    await finish();

    expect(answers).toEqual(["489", "200"]);
    expect(broker.deadLetters).toHaveLength(1);
  });

  it("that the broker takes its time for costs nobody the lease", async () => {
    const { wait, broker, ports, clock, gates, redeliver, finish } = early();
    let take: (() => void) | undefined;
    const result = await wait.delay();
    ports.before("publish", async () => await new Promise<void>((resolve) => (take = resolve)));
    const delivering = broker.deliverNext();
    await until(() => take !== undefined);

    await clock.advance(12);
    const meanwhile = await redeliver(0);
    take?.();
    await delivering;
    await until(() => gates.length === 1);
    await clock.advance(4);
    const afterwards = await redeliver(0);
    gates[0]?.(8);
    await finish();

    expect([meanwhile.status, afterwards.status]).toEqual([409, 409]);
    expect(await result.get()).toBe(8);
  });

  it("that cannot be sent leaves the task to be acknowledged when it has ended", async () => {
    const { app, finish, answers, ports, pushes, lines } = early({
      taskPublishRetryPolicy: { maxRetries: 0 },
    });
    const add = app.task({ name: "tasks.add", acksLate: false }, (x: number, y: number) => x + y);
    const result = await add.delay(1, 2);
    ports.before("publish", () => {
      throw new BrokerUnavailable("the broker is away");
    });

    await finish();

    expect(await result.get()).toBe(3);
    expect(answers).toEqual(["200"]);
    expect(pushes).toHaveLength(1);
    expect(lines.map(({ message }) => message)).toContainEqual(expect.stringContaining("it has no guard"));
  });

  it("has a name that no task can have", () => {
    const { app } = early();

    expect(() => app.task("umbel.guard", () => 1)).toThrow(ImproperlyConfigured);
  });
});

describe("a platform that bounds what runs after the answer", () => {
  const limited = { waitUntilLimit: 30, waitUntil: () => undefined };

  it.each([
    { what: "a longer limit", options: { timeLimit: 31 } },
    { what: "no limit", options: {} },
  ])("refuses at the start a task that is acknowledged early and has $what", ({ options }) => {
    const app = new Umbel("shop");
    app.task({ name: "shop.slow", acksLate: false, ...options }, () => 1);

    const start = () => worker(app, limited);

    expect(start).toThrow(ImproperlyConfigured);
    expect(start).toThrow(
      'The task "shop.slow" is acknowledged before it runs, and this platform stops it 30 s later: ' +
        "give it a timeLimit of 30 s at most, or acksLate: true",
    );
  });

  it("takes one whose limit is within the bound, and one that is acknowledged late", () => {
    const app = new Umbel("shop");
    app.task({ name: "shop.quick", acksLate: false, timeLimit: 30 }, () => 1);
    app.task({ name: "shop.slow", timeLimit: 3600 }, () => 1);

    expect(() => worker(app, limited)).not.toThrow();
  });

  it("runs before the answer what its call lets run for longer", async () => {
    const app = new Umbel("shop");
    const kit = testKit(app, { seed: 1, endpoint: worker(app, { waitUntilLimit: 30 }) });
    await using _ = kit;
    const quick = app.task({ name: "shop.quick", acksLate: false, timeLimit: 30 }, () => 1);

    await quick.applyAsync([], { timeLimit: 31 });
    await quick.delay();
    await kit.settle();

    expect(kit.answers).toEqual(["200", "202", "200"]);
  });

  it("answers 503 to every request when such a task is declared later", async () => {
    const lines: string[] = [];
    const app = new Umbel("shop", { log: ({ message }) => void lines.push(message) });
    const endpoint = worker(app, limited);
    app.task({ name: "shop.slow", acksLate: false }, () => 1);

    const answers = [await endpoint.request("/"), await endpoint.request("/q/default", { method: "POST" })];

    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    expect(lines).toEqual([expect.stringContaining("shop.slow"), expect.stringContaining("shop.slow")]);
  });
});
