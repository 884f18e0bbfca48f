/** Delivery, points 4 and 14: a canvas that was stored, and whose start comes to nothing. */

import { endUnstarted, serving } from "@umbel/core";
import { decodePush, type TaskMessage } from "@umbel/protocol";
import { type Backend, chain, chord, group } from "umbel";
import { describe, expect, it } from "vitest";
import { world, type WorldOptions } from "./world.ts";

/** A world with a task of long texts, two of which are too much to be sent directly, and with an errback. */
function storing(options: WorldOptions = {}, wrap?: (backend: Backend) => Backend) {
  const home = world(options, wrap);
  const told: unknown[] = [];
  return {
    ...home,
    told,
    length: home.app.task("tasks.length", (text: string) => text.length),
    next: home.app.task("tasks.next", (given: number) => given + 1),
    first: home.app.task("tasks.first", (values: readonly number[]) => values[0] ?? 0),
    tell: home.app.task("tasks.tell", (failure: { readonly id: string }) => {
      told.push(failure);
    }),
  };
}

/** A store from which every stored canvas has gone. */
const forgetful = (backend: Backend): Backend => ({ ...backend, load: async () => await Promise.resolve(undefined) });

const text = "x".repeat(40_000);
const eachFailed = (reason: RegExp) => ({ state: "FAILURE", error: { message: expect.stringMatching(reason) } });

const dies = () => {
  throw new Error("the worker's process is killed");
};

/** Lets the broker give up the message that starts the canvas. */
async function giveUp({ ports, finish }: Pick<ReturnType<typeof storing>, "ports" | "finish">): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) ports.before("claim", dies);
  await finish();
}

describe("a large canvas of which the broker has given up the starting message", () => {
  it("tells everybody who waits for a member of a group, and the errback of each once", async () => {
    const { length, tell, told, ...home } = storing({ brokerRetries: 2 });
    const result = await group([length.s(text), length.s(text)])
      .linkError(tell.s())
      .delay();

    await giveUp(home);

    const lost = eachFailed(/will not come again/);
    expect(await result.settled()).toMatchObject([lost, lost]);
    expect(told).toMatchObject([{ id: result.results[0].id, task: "tasks.length", excType: "WorkerLostError" }]);
    const announced = { group_id: result.id };
    expect(await home.backend.read(result.ids)).toMatchObject([announced, announced]);
  });

  it("tells who waits for a step of a chain, for a header, and for the end of it all", async () => {
    const { length, next, first, ...home } = storing({ brokerRetries: 2 });
    const canvas = chord([length.s(text), chain(length.s(text), next.s())], chain(first.s(), next.s(), next.s()));
    const result = await canvas.delay();

    await giveUp(home);

    for (let each = result.parent; each !== null; each = each.parent) {
      expect(await each.ready()).toBe(true);
    }
    expect(await result.settled()).toMatchObject(eachFailed(/will not come again/));
  });
});

describe("a large canvas that a worker cannot start", () => {
  it("fails for that reason, whoever waits for a part of it", async () => {
    const { length, ports, finish } = storing();
    const result = await group([length.s(text), length.s(text)]).delay();
    ports.before("publish", () => {
      throw new TypeError("a broken broker");
    });

    await finish();

    const broken = eachFailed(/a broken broker/);
    expect(await result.settled()).toMatchObject([broken, broken]);
  });

  it("is left alone by a worker that fails after another has started it", async () => {
    const { app, length, broker, drain } = storing();
    const result = await group([length.s(text), length.s(text)]).delay();
    const [start] = broker.waiting;
    const message = await decodePush(start?.body ?? "");
    await broker.deliverNext();

    const outcome = { state: "FAILURE", error: new TypeError("cut off") } as const;
    const ended = { message, queue: "default", outcome, children: [], hostname: "slow" };
    await endUnstarted(serving(app), ended, { retries: 0, generation: 0, epoch: 0 });

    await drain();
    expect(await result.get()).toEqual([40_000, 40_000]);
  });

  it("ends all of it although the worker dies while it does", async () => {
    const { length, next, ports, finish } = storing({}, forgetful);
    const result = await group([chain(length.s(text), next.s()), chain(length.s(text), next.s())]).delay();
    ports.after("settle", dies);

    await finish();

    const gone = eachFailed(/stored canvas .* is gone/);
    expect(await result.settled()).toMatchObject([gone, gone]);
    for (const { parent } of result.results) expect(await parent?.ready()).toBe(true);
  });

  it("tells the chord that it was added to", async () => {
    const { app, length, tell, told, finish } = storing({}, forgetful);
    const add = app.task({ name: "tasks.add", bind: true }, async (task) => {
      await task.addToChord(group([length.s(text), length.s(text)]));
    });
    const count = app.task("tasks.count", (values: readonly unknown[]) => values.length);
    const result = await chord([add.si()], count.s().linkError(tell.s())).delay();

    await finish();

    expect(told).toMatchObject([{ excType: "ChordError" }]);
    await expect(result.get()).rejects.toThrow(/stored canvas .* is gone/);
  });
});

describe("a large canvas whose text is gone when the worker comes to it", () => {
  it("tells everybody who waits for a part of it", async () => {
    const { length, next, first, finish } = storing({}, forgetful);
    const header = [length.s(text), chain(length.s(text), next.s()), length.s(text)];
    const result = await chord(header, chain(first.s(), next.s())).delay();
    const members = await group(header).delay();

    await finish();

    for (let each = result.parent; each !== null; each = each.parent) {
      expect(await each.ready()).toBe(true);
    }
    const gone = eachFailed(/stored canvas .* is gone/);
    expect(await members.settled()).toMatchObject([gone, gone, gone]);
    expect(await result.settled()).toMatchObject(gone);
  });
});

describe("a starting message of a foreign sender", () => {
  it.each<[what: string, args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>]>([
    ["nothing", [], {}],
    ["an id that no message takes", ["x".repeat(300)], {}],
    ["what is no outline", ["f-1"], { outline: [["many"]] }],
    ["an end that is none", ["f-1"], { end: { chord: 5, group_id: [] } }],
    ["a chord that does not say how large it is", ["f-1"], { end: { group_id: "g", chord: { task: "tasks.first" } } }],
  ])("fails, and nothing else, when it says %s", async (_, args, kwargs) => {
    const { app, broker, deadLetters, answers, finish } = storing();
    const message: TaskMessage = {
      headers: { id: "forged", task: "umbel.start" },
      properties: {},
      body: [args, kwargs, null],
    };

    await broker.publish([{ message, queue: "default", deduplicationId: "forged" }]);
    await finish();

    await expect(app.result("forged").get()).rejects.toThrow(/is gone/);
    expect(answers).toEqual(["200"]);
    expect(deadLetters).toEqual([]);
  });
});
