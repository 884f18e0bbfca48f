/** One task for each of many items: map, starmap, chunks; and groups whose members start one after the other. */

import { decodePush } from "@umbel/protocol";
import { chain, chord, chunks, group, xmap, xstarmap } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

function mapping() {
  const home = world();
  const { app } = home;
  return {
    ...home,
    add: app.task("tasks.add", (x: number, y: number) => x + y),
    id: app.task("tasks.id", (value: unknown) => value),
    negate: app.task("tasks.negate", (x: number) => -x),
    sum: app.task("tasks.sum", (values: readonly number[]) => values.reduce((total, each) => total + each, 0)),
  };
}

type Mapping = ReturnType<typeof mapping>;

const pairs = (count: number) => Array.from({ length: count }, (_, index): [number, number] => [index, index]);

function* generated() {
  yield* [1, 2, 3];
}

describe("a task over many items", () => {
  it.each<[what: string, send: (tasks: Mapping) => Promise<{ get(): Promise<unknown> }>, value: unknown]>([
    ["map", ({ negate }) => negate.map([1, 2, 3]).delay(), [-1, -2, -3]],
    ["map of what can be iterated", ({ negate }) => negate.map(generated()).delay(), [-1, -2, -3]],
    ["map of nothing", ({ negate }) => negate.map([]).delay(), []],
    ["xmap", ({ negate }) => xmap(negate, [1]).delay(), [-1]],
    [
      "starmap",
      ({ add }) =>
        add
          .starmap([
            [1, 2],
            [3, 4],
          ])
          .delay(),
      [3, 7],
    ],
    ["xstarmap", ({ add }) => xstarmap(add, [[1, 2]]).delay(), [3]],
    ["chunks", ({ add }) => add.chunks(pairs(5), 2).delay(), [[0, 2], [4, 6], [8]]],
    ["a group of chunks", ({ add }) => chunks(add, pairs(5), 2).delay(), [[0, 2], [4, 6], [8]]],
    ["chunks of nothing", ({ add }) => add.chunks([], 2).delay(), []],
    [
      "starmap, then a task",
      ({ add, sum }) =>
        chain(
          add.starmap([
            [1, 2],
            [3, 4],
          ]),
          sum.s(),
        ).delay(),
      10,
    ],
    [
      "chunks, then a task (Celery cannot)",
      ({ add, id }) => chain(add.chunks(pairs(3), 2), id.s()).delay(),
      [[0, 2], [4]],
    ],
    ["a group of chunks, then a task", ({ add, id }) => chain(chunks(add, pairs(3), 2), id.s()).delay(), [[0, 2], [4]]],
    ["after a step, which it does not ask", ({ add, negate }) => chain(add.s(1, 1), negate.map([1])).delay(), [-1]],
    [
      "in a chord, each a member",
      ({ add, negate, id }) => chord([negate.map([1]), add.starmap([[1, 1]]), add.chunks(pairs(2), 1)], id.s()).delay(),
      [[-1], [2], [[0], [2]]],
    ],
  ])("has the values of each: %s", async (_, send, value) => {
    const tasks = mapping();
    const result = await send(tasks);

    await tasks.finish();

    expect(await result.get()).toEqual(value);
  });

  it("is one call: map, starmap and chunks are one message each", async () => {
    const { add, negate, broker } = mapping();

    await negate.map([1, 2, 3]).delay();
    await add.starmap(pairs(3)).delay();
    await add.chunks(pairs(300), 2).delay();

    const messages = await Promise.all(broker.waiting.map(async ({ body }) => await decodePush(body)));
    expect(messages.map(({ headers }) => headers.task)).toEqual(["celery.map", "celery.starmap", "celery.chunks"]);
  });

  it("is written as Celery writes it", () => {
    const { add } = mapping();
    const task = { task: "tasks.add", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false };

    expect(add.chunks([[1, 2]], 2).wire).toEqual({
      task: "celery.chunks",
      args: [],
      kwargs: { task, it: [[1, 2]], n: 2 },
      options: {},
      subtask_type: null,
      immutable: true,
    });
  });

  it("goes where the task goes", async () => {
    const { app, broker } = mapping();
    const far = app.task({ name: "tasks.far", queue: "far" }, (x: number) => x);

    await far.map([1]).delay();

    expect(broker.waiting.map(({ queue }) => queue)).toEqual(["far"]);
  });

  it("fails as the first item that fails does, and is no attempt of the task's", async () => {
    const { app, finish } = mapping();
    const seen: number[] = [];
    const picky = app.task({ name: "tasks.picky", bind: true, autoretryFor: [RangeError] }, (task, x: number) => {
      seen.push(x);
      if (x === 2) throw new RangeError(`not ${x}`);
      return task.request.calledDirectly;
    });
    const result = await picky.map([1, 2, 3]).delay();

    await finish();

    await expect(result.get()).rejects.toThrow("not 2");
    expect(seen).toEqual([1, 2]);
  });

  it("does not retry an item on its own", async () => {
    const { app, finish } = mapping();
    const again = app.task({ name: "tasks.again", bind: true }, (task, x: number) => task.retry({ countdown: x }));
    const result = await again.map([1]).delay();

    await finish();

    await expect(result.get()).rejects.toThrow(/cannot be retried on its own/);
  });

  it("fails when nobody here has the task", async () => {
    const { app, finish } = mapping();
    const task = { task: "tasks.elsewhere", args: [], kwargs: {} };
    const result = await app.signature("celery.map", { kwargs: { task, it: [1] } }).delay();

    await finish();

    await expect(result.get()).rejects.toThrow(/tasks.elsewhere/);
  });

  it.each(["celery.map", "celery.starmap", "celery.chunks"])(
    "fails a damaged message of %s for that reason",
    async (name) => {
      const { app, finish } = mapping();
      const task = { task: "tasks.add", args: [], kwargs: {} };
      const results = await Promise.all([
        app.signature(name, { kwargs: { task, it: "items", n: 1 } }).delay(),
        app.signature(name, { kwargs: { task, it: [1], n: 0 } }).delay(),
        app.signature(name, { kwargs: { it: [[1, 1]], n: 1 } }).delay(),
      ]);

      await finish();

      const ends = await Promise.all(results.map(async (each) => (await each.settled()).state));
      expect(ends).toEqual(["FAILURE", "FAILURE", "FAILURE"]);
    },
  );

  it.each<[slip: string, make: (tasks: Mapping) => unknown, sentence: RegExp]>([
    [
      "map of no list",
      // @ts-expect-error: no list
      ({ negate }) => negate.map(5),
      /tasks.negate.map\(\) takes a list of items, and was given a number/,
    ],
    [
      "starmap of null",
      // @ts-expect-error: no list
      ({ add }) => add.starmap(null),
      /tasks.add.starmap\(\) takes a list of items, and was given null/,
    ],
    // @ts-expect-error: no lists
    ["starmap of items", ({ add }) => add.starmap([1, 2]), /item 1 is a number, so write \[1\]/],
    [
      "chunks of none",
      ({ add }) => add.chunks([[1, 2]], 0),
      /the number of items in a chunk, 1 or more, and was given 0/,
    ],
    ["chunks of a part", ({ add }) => chunks(add, [[1, 2]], 1.5), /1 or more, and was given 1.5/],
  ])("is refused before anything is sent: %s", (_, make, sentence) => {
    const tasks = mapping();

    expect(() => make(tasks)).toThrow(sentence);
  });
});

describe("a group that is skewed", () => {
  it("starts its members one after the other", async () => {
    const { add, broker, clock } = mapping();
    const start = clock.now();

    await group([add.s(1, 1), group([add.s(2, 2), add.s(3, 3)])])
      .skew(10, undefined, "5s")
      .delay();

    expect(broker.waiting.map(({ dueAt }) => (dueAt - start) / 1000)).toEqual([10, 15, 20]);
  });

  it("starts those that would come too late with the last that does not", async () => {
    const { add, broker, clock } = mapping();
    const start = clock.now();

    await group(pairs(4).map((pair) => add.s(...pair)))
      .skew(1, 2)
      .delay();

    expect(broker.waiting.map(({ dueAt }) => (dueAt - start) / 1000)).toEqual([1, 2, 2, 2]);
  });

  it("keeps what is set on the group", async () => {
    const { add, broker, finish } = mapping();
    const result = await group([add.s(1), add.s(2)])
      .set({ queue: "slow" })
      .skew()
      .delay(1);

    expect(broker.waiting.map(({ queue }) => queue)).toEqual(["slow", "slow"]);
    await finish();
    expect(await result.get()).toEqual([2, 3]);
  });

  it("takes a step that is one", () => {
    const { add } = mapping();

    expect(() => group([add.s(1, 1)]).skew(1, 5, 0)).toThrow(/a step of more than no time/);
    expect(() => group([add.s(1, 1)]).skew(-1)).toThrow(/cannot start before it is sent/);
  });
});
