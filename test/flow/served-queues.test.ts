/** A worker that serves some queues only, as Celery's with `-Q`. */

import { BackendUnavailable, Umbel } from "umbel";
import { control } from "umbel/control";
import { testKit } from "umbel/testing";
import { worker, type WorkerOptions } from "umbel/worker";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { backendless } from "./backendless.ts";

function shop(options: WorkerOptions, brokerRetries = 30) {
  const app = new Umbel("shop");
  const ran: number[] = [];
  const note = app.task("shop.note", (nth: number) => ran.push(nth));
  const kit = testKit(app, { seed: 1, brokerRetries, endpoint: worker(app, options) });
  return { app, note, ran, kit };
}

describe("a worker that serves some queues", () => {
  it("says that it takes messages of these, and of no others", async () => {
    const { app, note, kit } = shop({ queues: ["mail", "post"] });
    await using _ = kit;
    await note.applyAsync([1], { queue: "mail" });
    await note.applyAsync([2], { queue: "other" });

    await kit.advance(1);

    const queues = await control(app).inspect().activeQueues();
    expect(queues["worker@shop"]?.map(({ name }) => name)).toEqual(["mail", "post"]);
  });

  it("says so to whoever checks its health", async () => {
    const app = new Umbel("shop");
    const queues = ["mail", "post"];
    await using kit = testKit(app, { seed: 1, endpoint: worker(app, { queues }) });
    const ask = async (options: WorkerOptions) => await (await worker(app, options).request("/")).json();

    expect(await ask({ queues })).toMatchObject({ worker: "worker@shop", queues });
    expect(await ask({})).not.toHaveProperty("queues");
    expect(kit.lines).toEqual([]);
  });

  it("begins nothing of another, has the broker come back later and later, and says so once for each queue", async () => {
    const { note, ran, kit } = shop({ queues: ["mail"] });
    await using _ = kit;

    await note.applyAsync([1], { queue: "mail" });
    await note.delay(2);
    await note.delay(3);
    await kit.advance(60 + 120);

    expect(ran).toEqual([1]);
    const waits = kit.answers.filter((answer) => answer !== "200");
    expect(waits).toEqual([60, 60, 120, 120, 240, 240].map((seconds) => `503 after ${seconds} s`));
    expect(
      kit.lines.filter(({ message }) => message.startsWith('Nothing of the queue "default" is begun by worker@shop')),
    ).toHaveLength(1);
    expect(kit.calls.filter((call) => call === "finish")).toHaveLength(1);
  });

  it("fails nothing of it and loses nothing, however often the broker gives up", async () => {
    const { note, ran, kit } = shop({ queues: ["mail"] }, 2);
    await using _ = kit;

    const result = await note.delay(1);
    await kit.advance("1h");

    expect(kit.pushes.filter(({ url }) => url.endsWith("/failed")).length).toBeGreaterThan(5);
    expect(await result.state()).toBe("PENDING");
    expect(kit.broker.waiting).toHaveLength(1);
    expect(ran).toEqual([]);
  });

  it("does what Umbel's own tasks are for, whatever their queue: a call that waits for days is revoked soon", async () => {
    const { app, note, kit } = shop({ queues: ["mail"] });
    await using _ = kit;
    const result = await note.applyAsync([1], { queue: "mail", countdown: "2d" });

    await app.revoke(result.id);
    await kit.advance("2h");

    expect(await result.state()).toBe("REVOKED");
  });

  it("ends of another what needs no beginning: what is revoked, and what has ended and was not followed", async () => {
    const app = new Umbel("shop");
    const ran: string[] = [];
    const first = app.task("shop.first", () => ran.push("first"));
    const next = app.task({ name: "shop.next", queue: "mail" }, () => ran.push("next"));
    const [all, mail] = [worker(app), worker(app, { queues: ["mail"] })];
    let now = all;
    await using kit = testKit(app, { seed: 1, endpoint: { fetch: (...given) => now.fetch(...given) } });
    kit.after("finish", () => kit.crash());
    const result = await first.s().pipe(next.si()).delay();
    const revoked = await first.applyAsync([], { countdown: 60 });

    await kit.broker.deliverNext();
    now = mail;
    await revoked.revoke();
    await kit.advance("1h");

    expect(ran).toEqual(["first", "next"]);
    expect([await result.state(), await revoked.state()]).toEqual(["SUCCESS", "REVOKED"]);
  });

  it.each([
    ["acksLate false", { acksLate: false }],
    ["rejectOnWorkerLost false", { rejectOnWorkerLost: false }],
    ["any", {}],
  ])("does not put back what was begun, when it is told that the broker has given that up: %s", async (_, once) => {
    const app = new Umbel("shop", { workerLease: 10 });
    const begun: number[] = [];
    const hang = app.task({ name: "shop.hang", ...once }, async () => {
      begun.push(begun.length);
      if (begun.length === 1) await new Promise(() => undefined);
    });
    const options = { waitUntilLimit: null };
    const [all, mail] = [worker(app, options), worker(app, { ...options, queues: ["mail"] })];
    let now = all;
    await using kit = testKit(app, {
      seed: 1,
      brokerRetries: 2,
      patience: 1,
      endpoint: { fetch: (...given) => now.fetch(...given) },
    });
    const result = await hang.delay();

    const delivered = kit.broker.deliverNext();
    await until(() => begun.length === 1);
    kit.crash();
    await delivered.catch(() => undefined);
    now = mail;
    await kit.advance(500);
    now = all;
    await kit.advance("2h");

    expect(begun).toEqual([0]);
    expect(await result.state()).toBe("FAILURE");
  });

  it("ends what the broker gives up of its own queue, also where the message itself names none", async () => {
    const { app, note, ran, kit } = shop({ queues: ["mail"] }, 2);
    await using _ = kit;
    const id = "foreign";
    const headers = { lang: "py", task: note.name, id, retries: 0, root_id: id, parent_id: null };
    const embed = { callbacks: null, errbacks: null, chain: null, chord: null };
    const message = { headers, properties: { correlation_id: id }, body: [[1], {}, embed] } as const;
    for (let nth = 0; nth < 3; nth += 1) kit.before("claim", () => Promise.reject(new BackendUnavailable("away")));

    await kit.broker.publish([{ message, queue: "mail", deduplicationId: id }]);
    await kit.advance("2h");

    expect(ran).toEqual([]);
    expect(await app.result(id).state()).toBe("FAILURE");
    expect(kit.pushes.map(({ url }) => new URL(url).pathname)).not.toContain("/q/default");
  });

  it("does the same without a backend, where nobody claims: nothing of another begins, fails or is lost", async () => {
    const { app, broker, clock, drain, ran, fired, lines } = backendless({}, {}, { queues: ["mail"] });
    let givenUp = 0;
    app.signals.messageDead.connect(() => void (givenUp += 1));
    const note = app.task("tasks.note", (nth: number) => void ran.push(nth));

    await note.applyAsync([1], { queue: "mail" });
    await note.delay(2);
    for (let hour = 0; hour < 60; hour += 1) {
      await drain();
      clock.advance(3600);
    }

    expect(ran).toEqual([1]);
    expect(fired.filter((each) => each.startsWith("failure"))).toEqual([]);
    expect(broker.waiting).toHaveLength(1);
    expect(givenUp).toBeGreaterThan(0);
    expect(lines.filter(({ message }) => message.includes("it serves other queues"))).toHaveLength(1);
  });

  it.each([[[]], [["a", ""]], ["mail"]])("is refused with queues: %j", (queues) => {
    const app = new Umbel("shop");

    expect(() => worker(app, Object({ queues }))).toThrow(/queues is .*: give a list of names/);
  });
});
