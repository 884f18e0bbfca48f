/**
 * A call whose id has been used before, in another canvas: its body does not run again, and what follows it is told how the
 * task has ended (delivery.md 14). A message that is only delivered again is followed by nothing new.
 */

import { type BoundTask, chain, chord, Ignore, Umbel } from "umbel";
import { upstash } from "umbel/upstash";
import { worker } from "umbel/worker";
import { memoryBroker } from "umbel/memory";
import { describe, expect, it } from "vitest";
import { engines, serveStore } from "../store.ts";
import { until } from "../until.ts";
import { world, type WorldOptions } from "./world.ts";

const order = { taskId: "order-1" };

function tasksOf(app: Umbel) {
  const ran: string[] = [];
  return {
    ran,
    charge: app.task("tasks.charge", (amount: number) => {
      ran.push(`charge ${amount}`);
      return amount;
    }),
    fails: app.task("tasks.fails", (amount: number): number => {
      ran.push(`fails ${amount}`);
      throw new RangeError("no money");
    }),
    ignores: app.task("tasks.ignores", (amount: number): number => {
      ran.push(`ignores ${amount}`);
      throw new Ignore();
    }),
    retries: app.task({ name: "tasks.retries", bind: true }, (task, amount: number): number => {
      ran.push(`retries ${amount}`);
      if (task.request.retries < 2) task.retry({ countdown: 600 });
      return amount;
    }),
    mail: app.task("tasks.mail", (amount: unknown) => {
      ran.push(`mail ${String(amount)}`);
      return `mailed ${String(amount)}`;
    }),
    note: app.task("tasks.note", () => {
      ran.push("note");
    }),
    told: app.errback("tasks.told", ({ excType, excMessage }) => {
      ran.push(`told ${excType}: ${excMessage}`);
    }),
    collect: app.task("tasks.collect", (values: readonly unknown[]) => [...values]),
    by: (act: (task: BoundTask, amount: number) => unknown) =>
      app.task({ name: "tasks.by", bind: true }, async (task, amount: number): Promise<number> => {
        ran.push(`by ${amount}`);
        await act(task, amount);
        return amount;
      }),
  };
}

function tasks(options: WorldOptions = {}) {
  const home = world(options);
  return { ...home, ...tasksOf(home.app) };
}

describe("a call of an id that has ended in another canvas", () => {
  it("runs no second time, and the next step of its chain gets the value of the first", async () => {
    const { charge, mail, ran, finish } = tasks();
    const first = await chain(charge.s(1).set(order), mail.s()).delay();
    await finish();
    const second = await chain(charge.s(2).set(order), mail.s()).delay();

    await finish();

    expect([await first.get(), await second.get()]).toEqual(["mailed 1", "mailed 1"]);
    expect(ran).toEqual(["charge 1", "mail 1", "mail 1"]);
  });

  it("is told of whichever message the broker delivers first", async () => {
    const { charge, mail, ran, finish } = tasks();
    const results = [1, 2, 3].map(async (amount) => await chain(charge.s(amount).set(order), mail.s()).delay());

    await finish();

    const values = await Promise.all(results.map(async (each) => await (await each).get()));
    expect(new Set(values).size).toBe(1);
    expect(ran.filter((each) => each.startsWith("charge"))).toHaveLength(1);
  });

  it("as a later step hands the end on, too", async () => {
    const { charge, mail, note, finish } = tasks();
    await charge.applyAsync([7], order);
    await finish();
    const result = await chain(note.si(), charge.si(2).set(order), mail.s()).delay();

    await finish();

    expect(await result.get()).toBe("mailed 7");
  });

  it("as a member of a chord counts with the value of the first", async () => {
    const { charge, collect, finish } = tasks();
    await charge.applyAsync([7], order);
    await finish();
    const result = await chord([charge.s(1), charge.s(2).set(order)], collect.s()).delay();

    await finish();

    expect(await result.get()).toEqual([1, 7]);
  });

  it("has its own callbacks called, each once, though the first had others at the same places", async () => {
    const { charge, mail, note, ran, finish } = tasks();
    await charge.s(1).set(order).link(note.si()).delay();
    await finish();
    await chain(charge.s(1).set(order).link(mail.s()), note.si()).delay();

    await finish();

    expect(ran).toEqual(["charge 1", "note", "mail 1", "note"]);
  });

  it("alone, as the first was, is one call with that, whatever is linked to it", async () => {
    const { charge, mail, note, ran, finish } = tasks();
    await charge.s(1).set(order).link(note.si()).delay();
    await finish();
    await charge.s(1).set(order).link(mail.s()).delay();

    await finish();

    expect(ran).toEqual(["charge 1", "note"]);
  });

  it("alone, as the first was, is followed by nothing new though what is linked was kept apart for another time", async () => {
    const { app, charge, note, ran, clock, finish } = tasks();
    const long = chain(...Array.from({ length: 30 }, () => note.si().set({ headers: { pad: "x".repeat(200) } })));
    const call = async () => await charge.s(1).set(order).link(long).delay();
    await call();
    await finish();
    const before = [...ran];
    await clock.advance(1200);
    await app.result("order-1").forget();
    await call();

    await finish();

    expect(before).toHaveLength(31);
    expect(ran).toEqual(before);
  });

  it("as a body's is followed by nothing new where the body runs again after its worker has died", async () => {
    const { by, charge, note, ran, clock, drain, finish, kill } = tasks();
    const long = chain(...Array.from({ length: 30 }, () => note.si().set({ headers: { pad: "x".repeat(200) } })));
    let times = 0;
    const calls = by(async () => {
      times += 1;
      await charge.s(1).link(long).delay();
      if (times > 1) return;
      kill();
      await new Promise(() => undefined);
    });
    await calls.delay(7);
    await drain();
    await clock.advance(1300);

    await finish();

    expect(times).toBe(2);
    expect(ran.filter((each) => each === "note")).toHaveLength(30);
  });

  it("in a second line of what one body calls is told of the first", async () => {
    const { by, charge, mail, ran, finish } = tasks();
    const calls = by(async () => {
      await chain(charge.s(1).set(order), mail.s()).delay();
      await chain(charge.s(1).set(order), mail.s()).delay();
    });
    await calls.delay(7);

    await finish();

    expect(ran).toEqual(["by 7", "charge 1", "mail 1", "mail 1"]);
  });

  it("fails what follows, and tells its own errbacks, when the first has failed", async () => {
    const { fails, mail, told, ran, finish } = tasks();
    await fails.s(1).set(order).delay();
    await finish();
    const result = await chain(fails.s(2).set(order), mail.s()).onError(told.s()).delay();

    await finish();

    await expect(result.get()).rejects.toThrow("no money");
    expect(ran).toEqual(["fails 1", "told RangeError: no money"]);
  });

  it("revokes what follows when the first was revoked, or ignored", async () => {
    const { app, charge, ignores, mail, finish } = tasks();
    await app.result("order-1").revoke();
    await charge.s(1).set(order).delay();
    await ignores.s(1).set({ taskId: "order-2" }).delay();
    await finish();
    const results = [
      await chain(charge.s(2).set(order), mail.s()).delay(),
      await chain(ignores.s(2).set({ taskId: "order-2" }), mail.s()).delay(),
    ];

    await finish();

    expect(await Promise.all(results.map(async (each) => await each.state()))).toEqual(["REVOKED", "REVOKED"]);
  });

  it("gives what follows an end also where the first was a step that never ran", async () => {
    const { fails, charge, mail, finish } = tasks();
    await chain(fails.s(1), charge.s().set(order)).delay();
    await finish();
    const result = await chain(charge.s(2).set(order), mail.s()).delay();

    await finish();

    await expect(result.get()).rejects.toThrow("no money");
  });

  it("comes again while the first is yet to be retried", async () => {
    const { retries, mail, ran, clock, drain, finish } = tasks();
    await retries.s(1).set(order).delay();
    await drain();
    await clock.advance(1);
    const second = await chain(retries.s(2).set(order), mail.s()).delay();

    await finish();

    expect(await second.get()).toBe("mailed 1");
    expect(ran).toEqual(["retries 1", "retries 1", "retries 1", "mail 1"]);
  });

  it("is told of a failure when its message is given up before the first has ended", async () => {
    const { app, by, mail, told, ran, clock, drain, finish } = tasks({ brokerRetries: 3 });
    const waits = by((task) => {
      if (task.request.retries < 1) task.retry({ countdown: 6 * 3600 });
    });
    await waits.s(1).set(order).delay();
    await drain();
    await clock.advance(1);
    const second = await chain(waits.s(2).set(order), mail.s()).onError(told.s()).delay();

    await finish();

    await expect(second.get()).rejects.toThrow("was given up while another call with its id was under way");
    expect(await app.result("order-1").state()).toBe("SUCCESS");
    expect(ran.map((each) => each.slice(0, 24))).toEqual(["by 1", "told InvalidMessageError", "by 1"]);
  });

  it("fails what was to get a value that nobody has kept, and says so; what needs none runs", async () => {
    const { app, charge, mail, note, ran, finish } = tasks();
    await charge.s(1).set(order).delay();
    await finish();
    await app.result("order-1").forget();
    const second = await chain(charge.s(2).set(order), mail.s()).delay();
    const third = await chain(charge.s(2).set(order), note.si()).delay();

    await finish();

    await expect(second.get()).rejects.toThrow("tasks.charge[order-1] had ended before this call of it came");
    expect(await third.get()).toBeNull();
    expect(ran).toEqual(["charge 1", "note"]);
  });

  it("is followed up again where the worker dies in between", async () => {
    const { charge, mail, ports, ran, finish, kill } = tasks();
    await charge.s(1).set(order).delay();
    await finish();
    const second = await chain(charge.s(2).set(order), mail.s()).delay();
    let deaths = 0;
    ports.after("publish", () => {
      deaths += 1;
      kill();
    });

    await finish();

    expect(await second.get()).toBe("mailed 1");
    expect(ran).toEqual(["charge 1", "mail 1"]);
    expect(deaths).toBe(1);
  });

  it("is one call where all that follows is the same: a canvas that is sent twice runs once", async () => {
    const { charge, mail, collect, ran, finish } = tasks();
    const canvas = chain(chord([charge.s(1), charge.s(2)], collect.s()), mail.s());
    const results = [await canvas.applyAsync([], order)];
    await finish();
    results.push(await canvas.applyAsync([], order));

    await finish();

    expect(await Promise.all(results.map(async (each) => await each.get()))).toEqual(["mailed 1,2", "mailed 1,2"]);
    expect(ran).toEqual(["charge 1", "charge 2", "mail 1,2"]);
  });
});

describe("a message that is delivered again", () => {
  it.each<[what: string, send: (home: ReturnType<typeof tasks>) => Promise<unknown>]>([
    ["of a task", async ({ charge, note, mail }) => await charge.s(1).link(note.si()).link(mail.s()).delay()],
    ["of a step", async ({ charge, mail, note }) => await chain(charge.s(1).link(note.si()), mail.s()).delay()],
    ["of a task that was retried", async ({ retries, note }) => await retries.s(1).link(note.si()).delay()],
    [
      "of a task that was replaced by one with callbacks of its own",
      async ({ by, charge, mail, note }) =>
        await by((task) => task.replace(charge.s(5).link(mail.s())))
          .s(1)
          .link(note.si())
          .delay(),
    ],
    ["of a failure", async ({ fails, told }) => await fails.s(1).onError(told.s()).delay()],
    [
      "of a task that was replaced by a chain that has failed",
      async ({ by, fails, charge, told }) =>
        await by((task) => task.replace(chain(fails.s(5), charge.s())))
          .s(1)
          .onError(told.s())
          .delay(),
    ],
    [
      "of a step that was replaced by a chord that has failed",
      async ({ by, fails, charge, collect, mail, told }) =>
        await chain(by((task) => task.replace(chord([fails.s(5), charge.s(1)], collect.s()))).s(1), mail.s())
          .onError(told.s())
          .delay(),
    ],
    [
      "of a task whose retry the broker has refused for good",
      async ({ retries, told, mail, broker }) => {
        const publish = broker.publish.bind(broker);
        broker.publish = async (publications) =>
          publications[0]?.message.headers.retries === 1
            ? publications.map(() => ({ accepted: false, reason: "no", transient: false }))
            : await publish(publications);
        await chain(retries.s(1), mail.s()).onError(told.s()).delay();
      },
    ],
  ])("is followed by nothing new: %s", async (_, send) => {
    const home = tasks();
    const { app, ran, broker, finish } = home;
    const sent: Parameters<typeof broker.publish>[0][number][] = [];
    const publish = broker.publish.bind(broker);
    broker.publish = async (publications) => {
      sent.push(...publications);
      return await publish(publications);
    };
    await send(home);
    await finish();
    const before = [...ran];
    await app.backend.forget(sent.map(({ message }) => message.headers.id));

    for (const [nth, each] of sent.entries()) await publish([{ ...each, deduplicationId: `again ${nth}` }]);
    await finish();

    expect(ran).toEqual(before);
  });
});

it("a task is followed by nothing new where its worker dies once what replaces it is sent", async () => {
  const { by, fails, charge, told, broker, ran, finish, kill } = tasks();
  const publish = broker.publish.bind(broker);
  let deaths = 0;
  broker.publish = async (publications) => {
    const sent = await publish(publications);
    if (publications[0]?.message.headers.task === "tasks.fails") {
      deaths += 1;
      if (deaths === 1) kill();
    }
    return sent;
  };
  await by((task) => task.replace(chain(fails.s(5), charge.s())))
    .s(1)
    .onError(told.s())
    .delay();

  await finish();

  expect(deaths).toBeGreaterThan(0);
  expect(ran).toEqual(["by 1", "fails 5", "told RangeError: no money"]);
});

describe("in the process of the caller", () => {
  it("both calls run, each in a store of its own, and both canvases end", async () => {
    const { charge, mail, ran } = tasks({ taskAlwaysEager: true });
    const first = await chain(charge.s(1).set(order), mail.s()).delay();
    const second = await chain(charge.s(2).set(order), mail.s()).delay();

    expect([await first.get(), await second.get()]).toEqual(["mailed 1", "mailed 2"]);
    expect(ran).toEqual(["charge 1", "mail 1", "charge 2", "mail 2"]);
  });

  it("a call of an id that is another member's is told its end, also after retries", async () => {
    const { retries, by, mail, collect, ran } = tasks({ taskAlwaysEager: true });
    const adds = by(async (task) => await task.addToChord(chain(retries.s(5).set(order), mail.s())));
    const result = await chord([retries.s(1).set(order), adds.s(2)], collect.s()).delay();

    expect(await result.get()).toEqual([1, 2, "mailed 1"]);
    expect(ran).toEqual(["retries 1", "by 2", "retries 1", "retries 1", "mail 1"]);
  });
});

describe.each(engines)("before %s", (engine) => {
  it("what follows the second call of an id is told how the first has ended", async () => {
    const store = await serveStore(engine);
    const broker = memoryBroker({ deliver: async (push) => await endpoint.fetch(new Request(push.url, push)) });
    const app = new Umbel("ids", { broker, backend: upstash(store.address), log: () => undefined });
    const { charge, fails, mail, collect, ran } = tasksOf(app);
    const endpoint = worker(app);
    const drained = async (id: string) => {
      await until(async () => {
        await broker.drain();
        return await app.result(id).ready();
      });
    };
    const first = await chain(charge.s(1).set(order), mail.s()).delay();
    await drained(first.id);
    const failed = await fails.s(1).set({ taskId: "order-2" }).delay();
    await drained(failed.id);

    const second = await chain(charge.s(2).set(order), mail.s()).delay();
    const counted = await chord([charge.s(3).set(order), charge.s(4)], collect.s()).delay();
    const lost = await chain(fails.s(2).set({ taskId: "order-2" }), mail.s()).delay();
    for (const { id } of [second, counted, lost]) await drained(id);

    expect([await second.get(), await counted.get()]).toEqual(["mailed 1", [1, 4]]);
    await expect(lost.get()).rejects.toThrow("no money");
    expect(ran).toEqual(["charge 1", "mail 1", "fails 1", ...ran.slice(3)]);
    expect(ran.filter((each) => each === "charge 2" || each === "charge 3" || each === "fails 2")).toEqual([]);
    await store.stop();
  });
});
