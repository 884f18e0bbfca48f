/** Replays: what the broker has given up is sent again, as it was or edited, and runs. Delivery, point 3. */

import type { BrokerDesk, DeadMessage } from "@umbel/protocol";
import { BackendUnavailable, BrokerRejected, BrokerUnavailable, chain, chord, group, Reject } from "umbel";
import { control } from "umbel/control";
import { describe, expect, it } from "vitest";
import { world, type WorldOptions } from "./world.ts";

/** A world with a task that rejects its messages until it is mended. */
function broken(options: WorldOptions = {}) {
  const home = world(options);
  const state: { isMended: boolean; runs: unknown[] } = { isMended: false, runs: [] };
  const pay = home.app.task({ name: "tasks.pay", bind: true }, ({ request }, amount: number, extra?: string) => {
    state.runs.push([request.id, request.headers["replay_of"] ?? null]);
    if (!state.isMended) throw new Reject("no bank today");
    return extra === undefined ? amount : `${amount} ${extra}`;
  });
  const note = home.app.task("tasks.note", (value: unknown) => `noted ${String(value)}`);
  return { ...home, state, pay, note, operator: control(home.app) };
}

/** At the full level more of the same. */
const cases = process.env["UMBEL_TEST_LEVEL"] === "full" ? 300 : 30;

const kinds = ["loseAnswer", "crashBefore", "crashAfter"] as const;

/** Numbers from 0 up to 1, the same for the same seed. */
function diceOf(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A desk that shows these letters besides its own. */
function withLetters(desk: BrokerDesk, letters: readonly DeadMessage[]): BrokerDesk {
  return {
    ...desk,
    dead: async (query) => {
      const { messages, ...rest } = await desk.dead(query);
      return { messages: [...letters, ...messages], ...rest };
    },
  };
}

describe("a task that failed for good", () => {
  it("runs once more when it is replayed, and succeeds under its id", async () => {
    const { state, pay, operator, finish, deadLetters } = broken();
    const result = await pay.delay(3);
    await finish();
    state.isMended = true;

    const done = await operator.replay(result.id);
    await finish();

    expect(done).toEqual({
      count: 1,
      dryRun: false,
      replayed: [{ id: result.id, origin: result.id, task: "tasks.pay", queue: "default" }],
      refused: [],
      unread: 0,
    });
    expect(await result.get()).toBe(3);
    expect(state.runs).toEqual([
      [result.id, null],
      [result.id, result.id],
    ]);
    expect(deadLetters).toEqual([]);
  });

  it("can be replayed as often as it fails", async () => {
    const { state, pay, operator, finish, deadLetters } = broken();
    const result = await pay.delay(3);
    await finish();

    await operator.replay(result.id);
    await finish();
    expect(deadLetters).toHaveLength(1);
    state.isMended = true;
    await operator.replay(result.id);
    await finish();

    expect(state.runs).toHaveLength(3);
    expect(await result.get()).toBe(3);
    expect(deadLetters).toEqual([]);
  });

  it("runs once when two operators replay it at once, and two letters of it are one task", async () => {
    const { app, broker, state, pay, operator, finish, deadLetters } = broken();
    const result = await pay.delay(3);
    await finish();
    state.isMended = true;
    const { messages } = await broker.desk.dead({ limit: 10 });
    const twice = control(app, { desk: withLetters(broker.desk, messages) });

    const [one, other] = await Promise.all([operator.replay([result.id]), twice.replay([result.id])]);
    await finish();

    expect([one.count, other.count]).toEqual([1, 1]);
    expect(state.runs).toHaveLength(2);
    expect(await result.get()).toBe(3);
    expect(deadLetters).toEqual([]);
  });

  it("runs with other arguments when it is edited, and shows them", async () => {
    const { state, pay, operator, finish } = broken();
    const result = await pay.delay(3);
    await finish();
    state.isMended = true;

    await operator.replay(result.id, { args: [4, "euros"] });
    const waiting = await operator.inspect().reserved();
    await finish();

    expect(Object.values(waiting).flat()).toMatchObject([{ id: result.id, args: "(4, 'euros')", kwargs: "{}" }]);
    expect(await result.get()).toBe("4 euros");
  });

  it("runs as a new task when that is asked for: its id is new, its message names the old one", async () => {
    const { app, state, pay, operator, finish, deadLetters } = broken();
    const result = await pay.delay(3);
    await finish();
    state.isMended = true;

    const { replayed } = await operator.replay({ ids: [result.id] }, { asNew: true });
    await finish();

    const id = replayed[0]?.id ?? "";
    expect(replayed).toMatchObject([{ origin: result.id }]);
    expect(id).not.toBe(result.id);
    expect(await app.result(id).get()).toBe(3);
    expect(await result.state()).toBe("FAILURE");
    expect(state.runs.at(-1)).toEqual([id, result.id]);
    expect(deadLetters).toEqual([]);
  });

  it("runs although the time is over by which it was to be begun", async () => {
    const { state, pay, operator, clock, finish } = broken();
    const result = await pay.applyAsync([3], { expires: 60 });
    await finish();
    state.isMended = true;
    await clock.advance(120);

    await operator.replay(result.id);
    await finish();

    expect(await result.get()).toBe(3);
  });
});

describe("what follows a task that is replayed", () => {
  it("runs under new ids, for the old ones have ended; the answer names the last one", async () => {
    const { app, state, pay, note, operator, finish } = broken();
    const result = await chain(pay.s(3), note.s(), note.s()).delay();
    await finish();
    expect(await result.state()).toBe("FAILURE");
    state.isMended = true;

    const { replayed } = await operator.replay({ task: "tasks.p*" });
    await finish();

    const [{ result: last = "" } = {}] = replayed;
    expect(last).not.toBe(result.id);
    expect(await app.result(last).get()).toBe("noted noted 3");
    expect(await result.state()).toBe("FAILURE");
  });

  it("keeps its ids where nothing of it has ended", async () => {
    const { state, pay, note, operator, finish, ports, deadLetters } = broken({ brokerRetries: 0 });
    state.isMended = true;
    const result = await chain(pay.s(3), note.s()).delay();
    for (const _ of ["the push", "the failure callback"]) {
      ports.before("claim", () => {
        throw new BrokerUnavailable("nobody there");
      });
    }
    await finish();
    expect(deadLetters.length).toBeGreaterThan(0);

    const { replayed } = await operator.replay({});
    await finish();

    expect(replayed).toMatchObject([{ result: result.id }]);
    expect(await result.get()).toBe("noted 3");
  });

  it("is a long chain, of which the store has the far end, too", async () => {
    const { app, state, pay, note, operator, finish, deadLetters } = broken();
    const steps = Array.from({ length: 100 }, () => note.si(0));
    await chain(pay.s(3), ...steps).delay();
    await finish();
    state.isMended = true;

    expect(deadLetters[0]?.body).toContain("umbel.stored");
    const { replayed } = await operator.replay({ task: "tasks.pay" });
    await finish();

    expect(await app.result(replayed[0]?.result ?? "").get()).toBe("noted 0");
  });

  it("is not the body of its chord, which has ended without it", async () => {
    const { app, state, pay, note, operator, finish } = broken();
    const result = await chord([pay.s(3), note.si(1)], note.s()).delay();
    await finish();
    state.isMended = true;

    const { replayed } = await operator.replay({});
    await finish();

    expect(await app.result(replayed[0]?.id ?? "").get()).toBe(3);
    expect(await result.state()).toBe("FAILURE");
  });
});

describe("a replay of what a filter fits", () => {
  it("tells what it would do first, and does that", async () => {
    const { app, state, pay, operator, finish, deadLetters, clock } = broken();
    const other = app.task("tasks.other", () => {
      throw new Reject("never");
    });
    const first = await pay.delay(1);
    await finish();
    const between = clock.now() + 1;
    await clock.advance(60);
    const later = [await pay.delay(2), await pay.applyAsync([3], { queue: "slow" })];
    await other.delay();
    await finish();
    state.isMended = true;

    const dry = await operator.replay({ task: "tasks.pay", since: between }, { dryRun: true });
    expect(deadLetters).toHaveLength(4);
    const done = await operator.replay({ task: "tasks.pay", since: between });
    await finish();

    expect(dry).toMatchObject({ count: 2, dryRun: true, refused: [] });
    expect(new Set(dry.replayed.map(({ id }) => id))).toEqual(new Set(later.map(({ id }) => id)));
    expect(dry.replayed[0]?.letter).toMatchObject({
      task: "tasks.pay",
      args: "(2,)",
      status: 489,
      diedAt: expect.any(Number),
    });
    expect({ ...done, dryRun: true, replayed: done.replayed.map(({ id }) => id) }).toEqual({
      ...dry,
      replayed: dry.replayed.map(({ id }) => id),
    });
    expect(await Promise.all(later.map(async (each) => await each.get()))).toEqual([2, 3]);
    expect((await operator.deadLetters()).items.map(({ id, task }) => [task, id])).toEqual(
      expect.arrayContaining([["tasks.pay", first.id]]),
    );
    expect(await operator.replay({ queue: "slow" })).toMatchObject({ count: 0 });
  });

  it("takes hundreds, and leaves none behind", async () => {
    const { state, pay, operator, finish, deadLetters } = broken();
    const results = await Promise.all(Array.from({ length: 250 }, async (_, nth) => await pay.delay(nth)));
    await finish();
    expect(deadLetters).toHaveLength(250);
    state.isMended = true;

    const done = await operator.replay({ until: new Date(8.64e15) });
    await finish();

    expect(done).toMatchObject({ count: 250, refused: [] });
    expect(deadLetters).toEqual([]);
    expect(await results.at(-1)?.get()).toBe(249);
  });
});

describe("a task whose message the broker has done with", () => {
  it("runs as a new task, once, from what its result has kept", async () => {
    const { app, state, operator, finish, deadLetters } = broken({ resultExtended: true });
    const fail = app.task({ name: "tasks.fail", bind: true, queue: "slow" }, ({ request }, nth: number, named = "") => {
      if (!state.isMended) throw new TypeError("broken");
      return [nth, named, request.headers["replay_of"], request.deliveryInfo.queue];
    });
    const result = await fail.delay(7, "seven");
    await finish();
    expect(deadLetters).toEqual([]);
    state.isMended = true;

    expect(await operator.replay(result.id, { dryRun: true })).toMatchObject({ count: 1, dryRun: true });
    const [one, other] = await Promise.all([operator.replay(result.id), control(app).replay([result.id])]);
    await finish();

    const id = one.replayed[0]?.id ?? "";
    expect(other.replayed).toEqual(one.replayed);
    expect(await app.result(id).get()).toEqual([7, "seven", result.id, "slow"]);
    await expect(operator.replay(result.id)).rejects.toThrow(`it was replayed before, as ${id}`);
    await expect(operator.replay(id)).rejects.toThrow("it has ended as SUCCESS: as a new task it can be sent again");
    expect(await operator.replay(id, { asNew: true, args: [8] })).toMatchObject({ count: 1 });
  });

  it("cannot be sent again where its arguments were not kept, and the reason says how they are", async () => {
    const { app, operator, finish } = broken();
    const fail = app.task("tasks.fail", () => {
      throw new TypeError("broken");
    });
    const result = await fail.delay();
    await finish();

    await expect(operator.replay(result.id)).rejects.toThrow(/kept without its arguments: resultExtended keeps them/);
    const good = await app.task("tasks.good", () => 1).delay();
    await finish();
    await expect(operator.replay(good.id)).rejects.toThrow(/: it has ended as SUCCESS$/);
    await expect(operator.replay(good.id, { asNew: true })).rejects.toThrow(/kept without its arguments/);
  });
});

describe("two operators who replay a task with different arguments at once", () => {
  it.each([
    ["as itself", {}],
    ["as a new task", { asNew: true }],
  ])("run the one, %s, and the other is told", async (_how, how) => {
    const { app, state, pay, operator, finish } = broken();
    const result = await pay.delay(3);
    await finish();
    state.isMended = true;

    const both = await Promise.all(
      [7, 8].map(async (amount) => await operator.replay([result.id], { ...how, args: [amount] })),
    );
    await finish();

    expect(new Set(both.map(({ count }) => count))).toEqual(new Set([0, 1]));
    const won = both.findIndex(({ count }) => count === 1);
    expect(await app.result(both[won]?.replayed[0]?.id ?? "").get()).toBe([7, 8][won]);
    expect(both[1 - won]?.refused).toMatchObject([
      { id: result.id, reason: expect.stringContaining("sent again with other arguments") },
    ]);
  });

  it("are told the same of what a result has kept", async () => {
    const { app, state, operator, finish } = broken({ resultExtended: true });
    const fail = app.task("tasks.fail", (nth: number) => {
      if (!state.isMended) throw new TypeError("broken");
      return nth;
    });
    const result = await fail.delay(1);
    await finish();
    state.isMended = true;

    const both = await Promise.allSettled([7, 8].map(async (nth) => await operator.replay(result.id, { args: [nth] })));
    const again = await operator.replay(result.id, { args: [both[0]?.status === "fulfilled" ? 7 : 8] });
    await finish();

    const nth = both.findIndex(({ status }) => status === "fulfilled");
    expect(both[1 - nth]).toMatchObject({
      status: "rejected",
      reason: { message: expect.stringContaining("sent again with other arguments") },
    });
    expect(await app.result(again.replayed[0]?.id ?? "").get()).toBe([7, 8][nth]);
  });
});

describe("an edit that the broker refuses", () => {
  it.each([
    ["as itself", {}],
    ["as a new task", { asNew: true }],
  ])("keeps nobody from another one: it runs with that, %s", async (_how, how) => {
    const { app, state, pay, operator, finish, before } = broken();
    const result = await pay.delay(3);
    await finish();
    state.isMended = true;
    before("publish", () => {
      throw new BrokerRejected("too much");
    });

    const refused = await operator.replay([result.id], { ...how, args: [7] });
    const done = await operator.replay([result.id], { ...how, args: [8] });
    await finish();

    expect(refused).toMatchObject({ count: 0, refused: [{ id: result.id, reason: "too much" }] });
    expect(await app.result(done.replayed[0]?.id ?? "").get()).toBe(8);
  });

  it("keeps nobody from another one of what a result has kept", async () => {
    const { app, state, operator, finish, before } = broken({ resultExtended: true });
    const fail = app.task("tasks.fail", (nth: number) => {
      if (!state.isMended) throw new TypeError("broken");
      return nth;
    });
    const result = await fail.delay(1);
    await finish();
    state.isMended = true;
    before("publish", () => {
      throw new BrokerRejected("too much");
    });

    const refused = operator.replay(result.id, { args: [7] });
    await expect(refused).rejects.toThrow("too much");
    const done = await operator.replay(result.id, { args: [8] });
    await finish();

    expect(await app.result(done.replayed[0]?.id ?? "").get()).toBe(8);
  });

  it("is still the one that counts where nobody knows whether it was sent", async () => {
    const { state, pay, operator, finish, before } = broken({ taskPublishRetry: false });
    const result = await pay.delay(3);
    await finish();
    state.isMended = true;
    before("publish", () => {
      throw new BrokerUnavailable("away");
    });

    await expect(operator.replay([result.id], { args: [7] })).rejects.toThrow("away");
    const other = await operator.replay([result.id], { args: [8] });
    const same = await operator.replay([result.id], { args: [7] });
    await finish();

    expect([other.count, same.count]).toEqual([0, 1]);
    expect(await result.get()).toBe(7);
  });

  it("is told of although the store is away when it is to be freed", async () => {
    const { lines, pay, operator, finish, before } = broken();
    const result = await pay.delay(3);
    await finish();
    before("publish", () => {
      before("forget", () => {
        throw new BackendUnavailable("gone");
      });
      throw new BrokerRejected("too much");
    });

    const refused = await operator.replay([result.id], { args: [7] });

    expect(refused.refused).toMatchObject([{ reason: "too much" }]);
    expect(lines.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/other arguments.*after a day.*gone/),
    );
  });
});

describe("a replay in several batches, of which a later one fails", () => {
  it("tells what was sent, and refuses the rest with the reason", async () => {
    const { state, pay, operator, finish, before } = broken({ taskPublishRetry: false });
    await Promise.all(Array.from({ length: 250 }, async (_, nth) => await pay.delay(nth)));
    await finish();
    state.isMended = true;
    before("bury", () => {
      before("publish", () => {
        throw new BrokerUnavailable("away at once");
      });
    });

    const first = await operator.replay({});
    await finish();
    const rest = await operator.replay({});
    await finish();

    expect(first).toMatchObject({ count: 100 });
    expect(first.refused).toHaveLength(150);
    expect(first.refused[0]?.reason).toMatch(/may have been sent.*away at once/);
    expect(first.refused.at(-1)?.reason).toMatch(/was not sent.*away at once/);
    expect(rest).toMatchObject({ count: 150, refused: [] });
    expect(state.runs).toHaveLength(500);
  });
});

describe("an operator who is cut off", () => {
  it("between the sending and the burial leaves a letter, which sends nothing more", async () => {
    const { state, pay, operator, finish, deadLetters, before } = broken();
    const result = await pay.delay(3);
    await finish();
    state.isMended = true;
    before("bury", () => {
      throw new BrokerUnavailable("cut off");
    });

    await expect(operator.replay(result.id)).rejects.toThrow(BrokerUnavailable);
    expect(deadLetters).toHaveLength(1);
    expect(await operator.replay(result.id)).toMatchObject({ count: 1 });
    await finish();

    expect(state.runs).toHaveLength(2);
    expect(await result.get()).toBe(3);
    expect(deadLetters).toEqual([]);
  });
});

describe("operators who are cut off anywhere, two at once at times", () => {
  it.each(Array.from({ length: cases }, (_, seed) => seed))("replay each task once in the end (%i)", async (seed) => {
    const { app, state, pay, finish, drain, deadLetters, useFaults, run, fired } = broken({
      taskPublishRetry: false,
    });
    const results = await Promise.all([1, 2, 3, 4, 5].map(async (nth) => await pay.delay(nth)));
    await finish();
    state.isMended = true;
    state.runs.length = 0;
    const dice = diceOf(seed);
    const faults = (["dead", "records", "publish", "bury"] as const).map((call) => ({
      call,
      nth: Math.floor(dice() * 3),
      fault: kinds[Math.floor(dice() * kinds.length)] ?? "crashAfter",
    }));
    useFaults(faults);

    for (let turn = 0; turn < 20 && deadLetters.length > 0; turn += 1) {
      const operators = Array.from({ length: dice() < 0.5 ? 1 : 2 }, () => control(app));
      const replays = operators.map(async (each) => await run("operator", async () => await each.replay({})));
      await Promise.allSettled(replays);
      if (dice() < 0.5) await drain();
    }
    await finish();

    expect(fired.length).toBeGreaterThan(0);
    expect(await control(app).replay({})).toMatchObject({ count: 0 });
    expect(state.runs).toHaveLength(5);
    expect(await Promise.all(results.map(async (each) => await each.get()))).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("a task that cannot be replayed", () => {
  it("is told of: one that nobody knows, one that was revoked, one that has succeeded", async () => {
    const { app, broker, state, pay, operator, finish } = broken();
    const [revoked, done] = [await pay.delay(1), await pay.delay(2)];
    await finish();
    const { messages } = await broker.desk.dead({ limit: 10 });
    state.isMended = true;
    await operator.replay([done.id]);
    await finish();
    await revoked.revoke();

    const late = control(app, { desk: withLetters(broker.desk, messages) });
    const answer = await late.replay([revoked.id, done.id, "nobody"]);
    await finish();

    expect(answer.replayed).toEqual([]);
    expect(new Map(answer.refused.map(({ id, reason }) => [id, reason]))).toEqual(
      new Map([
        [revoked.id, "it was revoked: as a new task it can be sent again"],
        [done.id, "it has ended as SUCCESS meanwhile: as a new task it can be sent again"],
        ["nobody", "it is not among what the broker has given up, and nothing is known of its end"],
      ]),
    );
    await expect(operator.replay("nobody")).rejects.toThrow(/^nobody is not replayed: it is not among/);
    expect(state.runs).toHaveLength(3);
  });

  it("is one that was to begin a large canvas, of which all has ended with it", async () => {
    const { note, operator, finish, ports, deadLetters } = broken({ brokerRetries: 0 });
    const result = await group(Array.from({ length: 150 }, (_, nth) => note.si(nth))).delay();
    ports.before("claim", () => {
      throw new BackendUnavailable("away");
    });
    await finish();
    expect(await result.failed()).toBe(true);

    const { count, refused } = await operator.replay({});

    expect(count).toBe(0);
    expect(refused.map(({ reason }) => reason)).toEqual([
      "it was to begin a canvas, of which all has ended with it: send the canvas again",
    ]);
    expect(deadLetters).toHaveLength(1);
  });

  it("stays where it is when its message cannot be read, and is counted", async () => {
    const { app, broker, state, pay, finish, deadLetters } = broken();
    await pay.delay(1);
    await finish();
    const { messages } = await broker.desk.dead({ limit: 10 });
    const odd = messages.map((letter) => Object.assign({}, letter, { letterId: "odd", body: "{" }));
    const operator = control(app, { desk: withLetters(broker.desk, odd) });
    state.isMended = true;

    const answer = await operator.replay({});
    await finish();

    expect(answer).toMatchObject({ count: 1, unread: 1 });
    expect(deadLetters).toEqual([]);
    expect(await operator.deadLetters()).toEqual({ items: [], unread: 1 });
  });

  it("is not lost when the broker is away: its letter is still there", async () => {
    const { state, pay, operator, finish, deadLetters, before } = broken({ taskPublishRetry: false });
    await pay.delay(1);
    await finish();
    state.isMended = true;
    before("publish", () => {
      throw new BrokerUnavailable("away");
    });

    await expect(operator.replay({})).rejects.toThrow(BrokerUnavailable);
    expect(deadLetters).toHaveLength(1);
    expect(await operator.replay({})).toMatchObject({ count: 1 });
    await finish();

    expect(state.runs).toHaveLength(2);
  });
});
