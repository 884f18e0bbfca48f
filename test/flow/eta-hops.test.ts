/** Delivery, point 19: what is due later than the broker holds anything goes by way of the worker, as often as it takes. */

import { Umbel } from "umbel";
import { testKit, type TestKitOptions } from "umbel/testing";
import { describe, expect, it } from "vitest";

const hour = 3600;

/** A kit whose broker holds messages for an hour; `ran` has the hours at which `tasks.note` ran. */
function patientKit(options: Partial<TestKitOptions> = {}, settings = {}) {
  const app = new Umbel("tasks", settings);
  const kit = testKit(app, { seed: 1, start: 0, limits: { maxDelay: hour }, ...options });
  const ran: number[] = [];
  const note = app.task("tasks.note", () => {
    ran.push(kit.now() / hour / 1000);
    return "noted";
  });
  return { app, kit, ran, note };
}

describe("a call that is due later than the broker holds anything", () => {
  it("is on its way several times, and runs when it is due", async () => {
    const { kit, ran, note } = patientKit();
    await using _ = kit;

    const result = await note.applyAsync([], { countdown: 3.5 * hour });
    await kit.settle();

    expect(ran).toEqual([3.5]);
    expect(kit.pushes).toHaveLength(4);
    expect(await result.get()).toBe("noted");
  });

  it("is told of once, and shows readers nothing before it runs", async () => {
    const { app, kit, note } = patientKit({}, { taskTrackStarted: true });
    await using _ = kit;
    const received: string[] = [];
    app.signals.taskReceived.connect(({ request }) => void received.push(request.id));
    const result = await note.applyAsync([], { countdown: 3 * hour });

    await kit.advance(2.5 * hour);
    const [state, told] = [await result.state(), [...received]];
    await kit.settle();

    expect([state, told]).toEqual(["PENDING", []]);
    expect(received).toEqual([result.id]);
  });

  it.each(["a retry", "a later step of a chain"])("may be %s", async (what) => {
    const { app, kit, ran, note } = patientKit();
    await using _ = kit;
    const again = app.task({ name: "tasks.again", bind: true }, (task): string => {
      if (task.request.retries === 0) task.retry({ countdown: 2.5 * hour });
      ran.push(kit.now() / hour / 1000);
      return "again";
    });

    const result =
      what === "a retry"
        ? await again.delay()
        : await note
            .si()
            .pipe(note.si().set({ countdown: 2.5 * hour }))
            .delay();
    await kit.settle();

    expect(await result.get()).toBe(what === "a retry" ? "again" : "noted");
    expect(ran.at(-1)).toBe(2.5);
  });

  it("costs a claim, an end and a message for each leg", async () => {
    const { kit, note } = patientKit();
    await using _ = kit;

    await note.applyAsync([], { countdown: 1.5 * hour });
    await kit.settle();

    const counted = (call: string) => kit.calls.filter((each) => each === call).length;
    expect(["claim", "finish", "publish"].map(counted)).toEqual([2, 2, 2]);
  });

  it("keeps its expiry: it ends as expired where it comes too late, and never runs", async () => {
    const { kit, ran, note } = patientKit();
    await using _ = kit;

    const result = await note.applyAsync([], { countdown: 2.5 * hour, expires: 2.6 * hour });
    await kit.advance(4 * hour, { deliver: false });
    await kit.settle();

    expect(ran).toEqual([]);
    await expect(result.get()).rejects.toThrow("expired");
  });

  it("is found revoked at the next leg", async () => {
    const { kit, ran, note } = patientKit();
    await using _ = kit;
    const result = await note.applyAsync([], { countdown: 30 * 24 * hour });

    await result.revoke();
    await kit.advance(hour);

    expect(await result.state()).toBe("REVOKED");
    await kit.settle();
    expect(ran).toEqual([]);
  });

  it("is remembered until it is due, however long that is: delivered again it does not run again", async () => {
    const { kit, ran, note } = patientKit({ limits: { maxDelay: 24 * hour } }, { resultExpires: 60 });
    await using _ = kit;
    await note.applyAsync([], { countdown: 90 * 24 * hour });
    await kit.settle();

    for (let nth = 0; nth < kit.pushes.length; nth += 1) await kit.redeliver(nth);
    await kit.settle();

    expect(ran).toEqual([90 * 24]);
  });

  it("may be as large as the broker takes it, although the store does not take it with what is around it", async () => {
    const { app, kit, ran } = patientKit({
      limits: { maxDelay: hour, maxMessageSize: 10_000, maxRequestSize: 10_000 },
    });
    await using _ = kit;
    const measure = app.task("tasks.measure", (text: string) => {
      ran.push(kit.now() / hour / 1000);
      return text.length;
    });

    const result = await measure.applyAsync(["x".repeat(8200)], { countdown: 3.5 * hour });
    await kit.settle();

    expect([await result.get(), ran]).toEqual([8200, [3.5]]);
    expect(kit.answers).toEqual(["200", "200", "200", "200"]);
    expect(kit.lines.filter(({ level }) => level === "CRITICAL")).toEqual([]);
  });

  it("takes no turn of its task's rate limit before it is due", async () => {
    const { app, kit, ran } = patientKit();
    await using _ = kit;
    const rare = app.task({ name: "tasks.rare", rateLimit: "1/h" }, () => void ran.push(kit.now() / hour / 1000));

    await rare.applyAsync([], { countdown: 1.5 * hour });
    await kit.advance(0.995 * hour);
    await rare.delay();
    await kit.settle();

    // Its first leg has ended before that.
    expect(ran).toEqual([0.995, 1.5]);
  });

  it("expires on its way, though the worker that was to send it on has died there and it has come too late", async () => {
    const { app, kit, ran } = patientKit({}, { workerLease: 600 });
    await using _ = kit;
    const again = app.task({ name: "tasks.again", bind: true, maxRetries: null }, (task): string => {
      ran.push(kit.now() / hour / 1000);
      return task.retry({ countdown: 1.01 * hour });
    });

    const result = await again.applyAsync([], { expires: 1.02 * hour });
    await kit.advance(0.5 * hour);
    kit.after("claim", () => kit.crash());
    await kit.settle();

    expect(ran).toEqual([0]);
    expect(await result.state()).toBe("REVOKED");
  });

  it("has no time limit while it is under way, though its worker dies there", async () => {
    const { app, kit, ran } = patientKit();
    await using _ = kit;
    const quick = app.task({ name: "tasks.quick", timeLimit: 5 }, () => void ran.push(kit.now() / hour / 1000));
    kit.after("claim", () => kit.crash());

    const result = await quick.applyAsync([], { countdown: 2.5 * hour });
    await kit.settle();

    expect(ran).toEqual([2.5]);
    expect(await result.state()).toBe("SUCCESS");
  });
});

describe("whatever goes wrong under way", () => {
  const every = ["crashBefore", "crashAfter", "loseAnswer", "resend"] as const;
  const ofStore = ["outage", "leaseDeath"] as const;
  const calls = [
    ...(["claim", "finish"] as const).flatMap((call) => [...every, ...ofStore].map((fault) => ({ fault, call }))),
    ...every.map((fault) => ({ fault, call: "publish" as const })),
  ];
  const deliveries = ["drop", "duplicate", "delay"] as const;
  const struck = [
    ...[0, 1].flatMap((nth) => calls.map(({ fault, call }) => ({ fault, call, nth }))),
    ...[0, 1].flatMap((delivery) => deliveries.map((fault) => ({ fault, delivery }))),
  ];

  it.each(struck)("leaves one run, when it is due: %j", async (fault) => {
    const { kit, ran, note } = patientKit({ faults: [fault] });
    await using _ = kit;

    const result = await note.applyAsync([], { countdown: 2.5 * hour });
    await kit.settle();

    expect(kit.fired.length).toBeGreaterThan(0);
    expect(ran).toHaveLength(1);
    expect(ran[0]).toBeGreaterThanOrEqual(2.5);
    expect(ran[0]).toBeLessThan(2.6);
    expect(await result.state()).toBe("SUCCESS");
  });
});
