/** Delivery, points 5 to 9: a worker dies, an answer is lost, a push comes twice; and nothing is lost or done twice. */

import { BackendUnavailable, BrokerUnavailable, chain } from "umbel";
import { answerOf } from "umbel/testing";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { world, type WorldOptions } from "./world.ts";

/** A world with a task that counts its runs, and one that waits until it is told what to return. */
function counting(options: WorldOptions = {}) {
  const home = world(options);
  const runs: string[] = [];
  const gates: ((value: string) => void)[] = [];
  return {
    ...home,
    runs,
    /** Ends the nth run of `wait` that has begun. */
    release: (nth: number, value: string) => gates[nth]?.(value),
    count: home.app.task({ name: "tasks.count", bind: true }, (task, label: string) => {
      runs.push(label);
      return `${label} ${task.request.id.length}`;
    }),
    wait: home.app.task({ name: "tasks.wait", bind: true }, async () => {
      runs.push("wait");
      return await new Promise<string>((resolve) => void gates.push(resolve));
    }),
  };
}

const storeIsAway = () => {
  throw new BackendUnavailable("the store is away");
};

/** So many renewals fail, one soon after the other, that a lease of a minute ends. */
const longAway = 17;

describe("a worker that dies", () => {
  it("after it has claimed loses nothing: another one takes over when the lease has ended", async () => {
    const { count, runs, ports, kill, finish, answers, clock } = counting();
    const start = clock.now();
    const result = await count.delay("a");
    ports.after("claim", kill);

    await finish();

    expect(answers).toEqual(["connection lost", "409 after 55 s", "200"]);
    expect(clock.now()).toBe(start + 60_000);
    expect(runs).toEqual(["a"]);
    expect(await result.successful()).toBe(true);
  });

  it("while the body runs makes another one run it again", async () => {
    const { wait, runs, release, kill, broker, drain, finish, clock } = counting();
    const result = await wait.delay();
    const drained = broker.deliverNext();
    await until(() => runs.length === 1);
    kill();
    await drained;

    await clock.advance(60);
    const again = drain();
    await until(() => runs.length === 2);
    release(1, "second");
    await again;
    release(0, "first, out of the grave");
    await finish();

    expect(await result.get()).toBe("second");
  });

  it("after it has stored the end, before it has sent what follows: the redelivery sends it", async () => {
    const { count, runs, ports, kill, finish, answers } = counting();
    const result = await chain(count.si("first"), count.si("second")).delay();
    ports.after("finish", kill);

    await finish();

    expect(runs).toEqual(["first", "second"]);
    expect(answers).toEqual(["connection lost", "200", "200"]);
    expect(await result.successful()).toBe(true);
  });

  it("after it has sent what follows, before it has answered: nothing runs twice", async () => {
    const { count, runs, ports, kill, finish, answers } = counting();
    const result = await chain(count.si("first"), count.si("second")).delay();
    ports.after("publish", kill);

    await finish();

    expect(runs).toEqual(["first", "second"]);
    expect(answers).toEqual(["connection lost", "200", "200"]);
    expect(await result.successful()).toBe(true);
  });

  it("at any call of a port, once at each, loses nothing and stores one end", async () => {
    const moments = ["claim", "finish", "publish", "join", "settle"] as const;
    for (const method of moments) {
      for (const moment of ["before", "after"] as const) {
        const { count, ports, kill, finish, app } = counting();
        const boom = app.task("tasks.boom", () => {
          throw new Error("boom");
        });
        const fine = await chain(count.si("a"), count.si("b")).delay();
        const failed = await chain(boom.si(), count.si("never")).delay();
        ports[moment](method, kill);

        await finish();

        expect([method, moment, await fine.state(), await failed.state()]).toEqual([
          method,
          moment,
          "SUCCESS",
          "FAILURE",
        ]);
      }
    }
  });
});

describe("a push that comes twice", () => {
  it("is run once when both come at the same time; the other is told to come back", async () => {
    const { wait, runs, release, drain, redeliver } = counting();
    const result = await wait.delay();
    const drained = drain();
    await until(() => runs.length === 1);

    const response = await redeliver(0);
    release(0, "once");
    await drained;

    expect(answerOf(response)).toBe("409 after 60 s");
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await result.get()).toBe("once");
    expect(runs).toHaveLength(1);
  });

  it("is run once when both are claimed at once", async () => {
    const { count, runs, drain, redeliver, pushes, ports } = counting();
    await count.delay("a");
    ports.before("claim", storeIsAway);
    await drain();
    expect(pushes).toHaveLength(1);

    const responses = await Promise.all([redeliver(0), redeliver(0), redeliver(0)]);

    expect(runs).toEqual(["a"]);
    expect(responses.map((each) => each.status).filter((status) => status === 200).length).toBeGreaterThan(0);
    expect(responses.every(({ status }) => status === 200 || status === 409)).toBe(true);
  });

  it("long after the task has ended sends what follows again, and nothing runs again", async () => {
    const { count, runs, finish, redeliver, clock } = counting();
    await chain(count.si("first"), count.si("second")).delay();
    await finish();

    await clock.advance(3600);
    const response = await redeliver(0);
    const resent = await finish();

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ state: "SUCCESS" });
    expect(resent).toBe(1);
    expect(runs).toEqual(["first", "second"]);
  });

  it("of an attempt that a retry has overtaken is forgotten", async () => {
    const { app, finish, redeliver, broker } = counting();
    const attempts: number[] = [];
    const again = app.task({ name: "tasks.again", bind: true }, (task) => {
      attempts.push(task.request.retries);
      if (task.request.retries < 2) task.retry({ countdown: 1 });
    });
    await again.delay();
    await finish();

    const response = await redeliver(0);

    expect(await response.json()).toEqual({ state: "superseded" });
    expect(attempts).toEqual([0, 1, 2]);
    expect(broker.waiting).toEqual([]);
  });
});

describe("a task that runs long", () => {
  it("is never run twice: its lease is renewed, and who asks is told to come back as late as it has run", async () => {
    const { wait, runs, release, drain, redeliver, clock } = counting();
    const result = await wait.delay();
    const drained = drain();
    await until(() => runs.length === 1);
    const answers: string[] = [];

    for (const seconds of [100, 500, 7200]) {
      await clock.advance(seconds);
      answers.push(answerOf(await redeliver(0)));
    }
    release(0, "at last");
    await drained;

    expect(answers).toEqual(["409 after 100 s", "409 after 600 s", "409 after 3600 s"]);
    expect(runs).toHaveLength(1);
    expect(await result.get()).toBe("at last");
  });

  it("asks nobody to wait for more than an hour, however long its lease is", async () => {
    const { wait, runs, release, drain, redeliver } = counting({ workerLease: "2h" });
    await wait.delay();
    const drained = drain();
    await until(() => runs.length === 1);

    expect(answerOf(await redeliver(0))).toBe("409 after 3600 s");
    release(0, "done");
    await drained;
  });

  it("asks the store for nothing but its lease, twice in each", async () => {
    const { wait, runs, release, drain, clock, ports } = counting();
    await wait.delay();
    const drained = drain();
    await until(() => runs.length === 1);
    ports.calls.length = 0;

    await clock.advance(300);
    release(0, "at last");
    await drained;

    expect(ports.calls).toEqual([...Array.from({ length: 10 }, () => "renew"), "finish"]);
  });

  it("keeps its lease when the store is away for less than it lasts", async () => {
    const { wait, runs, release, drain, redeliver, clock, ports } = counting();
    await wait.delay();
    const drained = drain();
    await until(() => runs.length === 1);
    // From the first renewal, after 30 s, on for 24 s.
    for (let renewal = 0; renewal < 15; renewal += 1) ports.before("renew", storeIsAway);

    await clock.advance(59);
    const inTime = answerOf(await redeliver(0));
    await clock.advance(2);
    const renewed = answerOf(await redeliver(0));
    release(0, "at last");
    await drained;

    expect(inTime).toBe("409 after 59 s");
    expect(renewed).toBe("409 after 61 s");
    expect(runs).toHaveLength(1);
  });

  it("keeps its end although a renewal failed in a way that nobody foresaw", async () => {
    const { wait, runs, release, drain, clock, ports, lines } = counting();
    const result = await wait.delay();
    const drained = drain();
    await until(() => runs.length === 1);
    ports.before("renew", () => {
      throw new TypeError("odd");
    });

    await clock.advance(40);
    release(0, "at last");
    await drained;

    expect(await result.get()).toBe("at last");
    expect(lines).toContainEqual(
      expect.objectContaining({ level: "WARNING", message: expect.stringContaining("odd") }),
    );
  });
});

describe("a dead lease", () => {
  it("is taken over under a higher epoch, and the old holder's end is refused", async () => {
    const { app, wait, count, runs, release, broker, drain, finish, redeliver, clock, ports, lines } = counting();
    const heard: unknown[] = [];
    app.signals.taskSuccess.connect(({ result }) => heard.push(result), { sender: wait });
    for (let renewal = 0; renewal < longAway; renewal += 1) ports.before("renew", storeIsAway);
    const result = await wait.applyAsync([], { link: count.s() });
    const first = broker.deliverNext();
    await until(() => runs.length === 1);
    await clock.advance(60);

    const second = redeliver(0);
    await until(() => runs.length === 2);
    release(1, "second");
    expect((await second).status).toBe(200);
    release(0, "first");
    expect(await first).toBe(true);
    await finish();

    expect(await result.get()).toBe("second");
    expect(heard).toEqual(["second"]);
    expect(runs).toEqual(["wait", "wait", "second"]);
    expect(lines.filter((line) => line.level === "WARNING").map((line) => line.message)).toContain(
      "ended here too late: another worker's end is stored",
    );
    expect(await drain()).toBe(0);
  });

  it("lets its old holder know: the signal aborts at the next renewal, and its progress is refused", async () => {
    const { app, broker, redeliver, clock, ports } = counting();
    const told: unknown[] = [];
    const runs: number[] = [];
    const slow = app.task({ name: "tasks.slow", bind: true }, async (task) => {
      const nth = runs.push(clock.now());
      if (nth > 1) return "second";
      await clock.sleep(600, task.signal).catch((reason: unknown) => told.push(String(reason)));
      told.push(await task.updateState({ state: "PROGRESS", meta: { done: 1 } }));
      return "first";
    });
    for (let renewal = 0; renewal < longAway; renewal += 1) ports.before("renew", storeIsAway);
    const result = await slow.delay();
    const first = broker.deliverNext();
    await until(() => runs.length === 1);
    await clock.advance(60);
    await redeliver(0);

    await clock.advance(30);
    await first;

    expect(told).toEqual(["Error: This attempt is no longer held by this worker", false]);
    expect(await result.get()).toBe("second");
  });
});

describe("a store that is away", () => {
  it("while a task is claimed makes the broker come back", async () => {
    const { count, runs, ports, finish, answers, lines } = counting();
    await count.delay("a");
    ports.before("claim", storeIsAway);

    await finish();

    expect(answers).toEqual(["503", "200"]);
    expect(runs).toEqual(["a"]);
    expect(lines.filter((line) => line.level !== "INFO")).toMatchObject([
      { level: "WARNING", message: "could not be handled for now: the store is away", taskName: "tasks.count" },
    ]);
  });

  it("while a task finishes costs nothing: its end is kept, and stored as soon as the store is back", async () => {
    const { count, runs, ports, drain, answers, clock } = counting();
    const result = await count.delay("a");
    for (let tries = 0; tries < 5; tries += 1) ports.before("finish", storeIsAway);

    const drained = drain();
    await until(() => ports.calls.includes("finish"));
    await clock.advance(60);
    await drained;

    expect(answers).toEqual(["200"]);
    expect(runs).toEqual(["a"]);
    expect(await result.successful()).toBe(true);
  });

  it("for finishing only: the lease is kept meanwhile, so that nobody runs the task again", async () => {
    const { count, runs, ports, drain, clock, redeliver, answers } = counting();
    await count.delay("a");
    for (let tries = 0; tries < 30; tries += 1) ports.before("finish", storeIsAway);

    const drained = drain();
    await until(() => ports.calls.includes("finish"));
    await clock.advance(70);
    const meanwhile = answerOf(await redeliver(0));
    await clock.advance(200);
    await drained;

    expect(meanwhile).toBe("409 after 70 s");
    expect(runs).toEqual(["a"]);
    expect(answers).toEqual(["200"]);
  });

  it("for longer than workerStorePatience makes the broker come back", async () => {
    const { count, ports, drain, clock, answers } = counting({ workerStorePatience: 10 });
    await count.delay("a");
    for (let tries = 0; tries < 30; tries += 1) ports.before("finish", storeIsAway);

    const drained = drain();
    await until(() => ports.calls.includes("finish"));
    await clock.advance(20);
    await drained;

    expect(answers).toEqual(["503"]);
  });

  it("just after it has stored the end: the repeated finish gets the first answer", async () => {
    const { app, count, runs, ports, finish, answers, clock } = counting();
    const heard: string[] = [];
    app.signals.taskSuccess.connect(() => heard.push("success"));
    const result = await chain(count.si("first"), count.si("second")).delay();
    ports.after("finish", storeIsAway);

    const finished = finish();
    await until(() => ports.calls.includes("finish"));
    await clock.advance(1);
    await finished;

    expect(runs).toEqual(["first", "second"]);
    expect(heard).toEqual(["success", "success"]);
    expect(answers).toEqual(["200", "200"]);
    expect(await result.successful()).toBe(true);
  });
});

describe("a broker that is away while what follows is sent", () => {
  it("is asked again at once, and nobody notices", async () => {
    const { count, runs, ports, finish, answers, clock } = counting();
    await chain(count.si("first"), count.si("second")).delay();
    ports.before("publish", brokerIsAway);
    ports.after("publish", brokerIsAway);

    const finished = finish();
    await until(() => ports.calls.filter((each) => each === "publish").length === 2);
    await clock.advance(5);
    await finished;

    expect(runs).toEqual(["first", "second"]);
    expect(answers).toEqual(["200", "200"]);
  });

  it("for longer makes it come back itself; the body is not run again, and its end is told once", async () => {
    const { app, count, runs, ports, finish, answers, clock } = counting();
    const heard: unknown[] = [];
    app.signals.taskSuccess.connect(({ result }) => heard.push(result));
    await chain(count.si("first"), count.si("second")).delay();
    for (let tries = 0; tries < 6; tries += 1) ports.before("publish", brokerIsAway);

    const finished = finish();
    await until(() => ports.calls.filter((each) => each === "publish").length === 2);
    await clock.advance(5);
    await finished;

    expect(answers).toEqual(["503", "200", "200"]);
    expect(runs).toEqual(["first", "second"]);
    expect(heard).toEqual(["first 36", "second 36"]);
  });
});

const brokerIsAway = () => {
  throw new BrokerUnavailable("the broker is away");
};
