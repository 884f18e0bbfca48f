/** Calls that run in the process that makes them: the same canvases as on the kit, and what is told of them. */

import {
  type AnySignature,
  chain,
  chord,
  GetInsideTaskError,
  group,
  ImproperlyConfigured,
  MaxRetriesExceededError,
  type ResultHandle,
  TaskFailure,
  Umbel,
  type UmbelOptions,
} from "umbel";
import { eager } from "umbel/eager";
import { memoryBackend } from "umbel/memory";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** An application whose calls run here, with neither broker nor backend. */
function eagerly(options: UmbelOptions = {}): Umbel {
  return new Umbel("tasks", { taskAlwaysEager: true, log: () => undefined, ...options });
}

/** What an errback is told. */
interface Failed {
  readonly task: string;
  readonly excType: string;
  readonly state: string;
}

/** Instead of a port that is not to be asked. */
function unasked(): never {
  throw new Error("It is not to be asked");
}

/** The tasks of these tests, and what they have done. */
function tasksOf(app: Umbel) {
  const log: unknown[] = [];
  const add = app.task("tasks.add", (x: number, y: number) => x + y);
  const sum = app.task("tasks.sum", (all: readonly number[]) => all.reduce((one, other) => one + other, 0));
  const boom = app.task("tasks.boom", (): number => {
    throw new RangeError("Exception Error");
  });
  const note = app.task("tasks.note", (given: unknown) => void log.push(given));
  const failed = app.task("tasks.failed", ({ task, excType, state }: Failed) => void log.push([task, excType, state]));
  const twice = app.task({ name: "tasks.twice", bind: true, maxRetries: 2 }, (task, x: number) => {
    log.push(`attempt ${task.request.retries}`);
    return task.request.retries < 2 ? task.retry({ countdown: 600 }) : x;
  });
  const never = app.task({ name: "tasks.never", bind: true, maxRetries: 1 }, (task): number => task.retry());
  const skip = app.task({ name: "tasks.skip", bind: true }, (task): number => task.ignore("not wanted"));
  const refuse = app.task({ name: "tasks.refuse", bind: true }, (task): number => task.reject("not mine"));
  const outer = app.task("tasks.outer", async (x: number) => {
    const inner = await add.s(x).pipe(add.s(10)).delay(1);
    return await inner.get({ allowJoin: true });
  });
  const fork = app.task({ name: "tasks.fork", bind: true }, (task, x: number): number =>
    task.replace(group([add.s(x, 1), add.s(x, 2)]).pipe(sum.s())),
  );
  return { log, add, sum, boom, note, failed, twice, never, skip, refuse, outer, fork };
}

type Tasks = ReturnType<typeof tasksOf>;

const canvases: readonly (readonly [name: string, make: (tasks: Tasks) => AnySignature])[] = [
  ["a task", ({ add }) => add.s(4, 4)],
  ["a task with a countdown", ({ add }) => add.s(4, 4).set({ countdown: 60 })],
  ["a failing task", ({ boom }) => boom.s()],
  ["a task with a callback", ({ add, note }) => add.s(1, 2).link(note.s())],
  ["a failing task with an errback", ({ boom, failed }) => boom.s().linkError(failed.s())],
  ["a chain", ({ add }) => chain(add.s(2, 2), add.s(4), add.s(8))],
  [
    "a chain that fails in the middle",
    ({ add, boom, failed }) => chain(add.s(1, 1), boom.si(), add.s(8)).linkError(failed.s()),
  ],
  ["a group", ({ add }) => group([add.s(1, 1), add.s(2, 2), add.s(3, 3)])],
  ["a group with a failure", ({ add, boom }) => group([add.s(1, 1), boom.s()])],
  ["an empty group", () => group([])],
  ["a chord", ({ add, sum }) => chord([add.s(1, 1), add.s(2, 2)], sum.s())],
  ["a chord of one", ({ add, sum }) => chord([add.s(1, 1)], sum.s())],
  [
    "a chord with a failure",
    ({ add, boom, sum, failed }) => chord([add.s(1, 1), boom.s()], sum.s()).linkError(failed.s()),
  ],
  ["a chord that collects", ({ add, boom, note }) => chord([add.s(1, 1), boom.s()], note.s(), { onError: "collect" })],
  ["a group in a chain", ({ add, sum }) => chain(add.s(1, 1), group([add.s(1), add.s(2)]), sum.s(), add.s(100))],
  [
    "a chord of chords",
    ({ add, sum }) => chord([chord([add.s(1, 1), add.s(2, 2)], sum.s()), chain(add.s(1, 1), add.s(1))], sum.s()),
  ],
  ["a retried task", ({ twice, add }) => chain(twice.s(5), add.s(1))],
  ["a task with no retry left", ({ never, failed }) => never.s().linkError(failed.s())],
  ["an ignored task in a chain", ({ skip, add }) => chain(skip.si(), add.si(1, 1))],
  ["an ignored member", ({ skip, add, note }) => chord([skip.s(), add.s(1, 1)], note.s())],
  ["a rejected task", ({ refuse, failed }) => refuse.s().linkError(failed.s())],
  ["a task that sends a chain", ({ outer }) => outer.s(5)],
  ["a replaced task in a chain", ({ fork, add }) => chain(fork.s(5), add.s(100))],
  ["a map", ({ sum }) => sum.map([[1, 2], [3]])],
  [
    "chunks",
    ({ add }) =>
      add.chunks(
        [
          [1, 1],
          [2, 2],
          [3, 3],
        ],
        2,
      ),
  ],
];

/** How a canvas ended, and what was noted meanwhile, in any order: the kit delivers in its own. */
async function endOf({ log }: Tasks, handle: ResultHandle): Promise<unknown> {
  const settled = [await handle.settled()].flat();
  const parents = [];
  for (let at = handle.parent; at !== null; at = at.parent) parents.push(await at.state());
  const ends = settled.map((each) =>
    "error" in each ? [each.state, each.error.code, withoutIds(each.error.message)] : each,
  );
  return {
    ends,
    state: await handle.state(),
    parents,
    log: log.map((each) => withoutIds(JSON.stringify(each))).toSorted(),
  };
}

function withoutIds(text: string): string {
  return text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID");
}

/** Sends a canvas. */
async function send({ wire, sender }: AnySignature): Promise<ResultHandle> {
  const handle = await sender.apply(wire, { args: [], options: {}, composition: sender.composition });
  if (!isHandle(handle)) throw new TypeError("No handle");
  return handle;
}

function isHandle(value: unknown): value is ResultHandle {
  return typeof value === "object" && value !== null && "settled" in value;
}

describe("taskAlwaysEager", () => {
  it.each(canvases)("ends %s as the kit does", async (_name, make) => {
    const home = world();
    const there = tasksOf(home.app);
    const sent = await send(make(there));
    await home.finish();
    const expected = await endOf(there, sent);

    const here = tasksOf(eagerly());
    const end = await endOf(here, await send(make(here)));

    expect(end).toEqual(expected);
  });

  it("has run a call, and all that follows it, before its handle is there", async () => {
    const { add, note, log } = tasksOf(eagerly());

    const result = await add.applyAsync([2, 2], { link: note.s() });

    expect(log).toEqual([4]);
    expect(String(result)).toBe(`<EagerResult: ${result.id}>`);
    expect([await result.get(), await result.state(), await result.ready()]).toEqual([4, "SUCCESS", true]);
  });

  it("needs neither broker nor backend, and asks neither where there are some", async () => {
    const app = eagerly({ broker: unasked, backend: unasked });
    const { add } = tasksOf(app);

    expect(await (await add.delay(1, 1)).get()).toBe(2);
  });

  it("carries arguments and results through JSON, and refuses what it cannot carry", async () => {
    const app = eagerly();
    const given = { list: [1] };
    const echo = app.task("tasks.echo", (value: { list: number[] }) => {
      value.list.push(2);
      return value;
    });

    const result = await echo.delay(given);

    expect(await result.get()).toEqual({ list: [1, 2] });
    expect(given).toEqual({ list: [1] });
    await expect(echo.delay({ list: [Number.NaN] })).rejects.toThrow("NaN");
  });

  it("tells the task, its signals, hooks and log what a worker tells them", async () => {
    const lines: string[] = [];
    const app = eagerly({ log: ({ message }) => void lines.push(message.replace(/in [\d.]+s/, "in 0s")) });
    const told: unknown[] = [];
    const { taskReceived, taskPrerun, taskSuccess, taskPostrun } = app.signals;
    taskReceived.connect(() => void told.push("received"));
    taskPrerun.connect(({ sender }) => void told.push(`prerun ${sender.name}`));
    taskSuccess.connect(({ result }) => void told.push(`success ${String(result)}`));
    taskPostrun.connect(({ state }) => void told.push(`postrun ${state}`));
    const show = app.task(
      { name: "tasks.show", bind: true, onSuccess: (value) => void told.push(`hook ${String(value)}`) },
      ({ request }) => {
        told.push([request.isEager, request.calledDirectly, request.hostname]);
        return 1;
      },
    );

    await show.delay();

    expect(told.slice(0, 3)).toEqual(["received", "prerun tasks.show", [true, false, "eager@tasks"]]);
    expect(told.slice(3).map(String).toSorted()).toEqual(["hook 1", "postrun SUCCESS", "success 1"]);
    expect(lines).toEqual(["received", "succeeded in 0s: 1"]);
  });

  it("retries at once, under the same id", async () => {
    const { twice, log } = tasksOf(eagerly());

    const result = await twice.delay(7);

    expect(log).toEqual(["attempt 0", "attempt 1", "attempt 2"]);
    expect(await result.get()).toBe(7);
  });

  it("denies waiting inside a task, as everywhere", async () => {
    const app = eagerly();
    const { add } = tasksOf(app);
    const wait = app.task("tasks.wait", async () => await (await add.delay(1, 1)).get());

    const result = await wait.delay();

    await expect(result.get()).rejects.toThrow(GetInsideTaskError);
  });

  it("ends a task that is not registered here as a worker does", async () => {
    const result = await eagerly().sendTask("tasks.elsewhere");

    await expect(result.get()).rejects.toMatchObject({ code: "NOT_REGISTERED" });
  });

  it("runs a canvas that is too large for a message, as elsewhere by reference", async () => {
    const { add, sum } = tasksOf(eagerly());
    const members = Array.from({ length: 2000 }, (_, nth) => add.s(nth, 1));

    const result = await chord(members, sum.s()).delay();

    expect(await result.get()).toBe((2000 * 1999) / 2 + 2000);
  });

  it("refuses to go on for ever", async () => {
    const app = eagerly();
    let attempts = 0;
    const endless = app.task({ name: "tasks.endless", bind: true, maxRetries: null }, (task): number => {
      attempts += 1;
      return task.retry();
    });

    await expect(endless.delay()).rejects.toThrow(/tasks.endless\[.*\] has no end: it was begun 1000 times/);
    expect(attempts).toBe(1000);
  });

  it("runs calls with the same id each time: each has a store of its own", async () => {
    const { note, log } = tasksOf(eagerly());

    await note.applyAsync([1], { taskId: "the-same" });
    await note.applyAsync([1], { taskId: "the-same" });

    expect(log).toEqual([1, 1]);
  });
});

describe("taskEagerPropagates", () => {
  it("makes the call throw what its task threw, and not make it otherwise", async () => {
    const app = eagerly({ taskEagerPropagates: true });
    const { boom } = tasksOf(app);

    await expect(boom.delay()).rejects.toThrow(RangeError);
    app.conf.update({ taskEagerPropagates: false });
    const result = await boom.delay();
    await expect(result.get()).rejects.toThrow(TaskFailure);
  });

  it("throws the first failure of a canvas, once all of it has run", async () => {
    const { add, boom, failed, never, sum, log } = tasksOf(eagerly({ taskEagerPropagates: true }));

    const sent = chord([add.s(1, 1), boom.s(), never.s()], sum.s())
      .linkError(failed.s())
      .delay();

    await expect(sent).rejects.toThrow(RangeError);
    expect(log).toEqual([["tasks.sum", "ChordError", "FAILURE"]]);
  });

  it("throws what ends retries, also where nobody keeps results", async () => {
    const app = eagerly({ taskEagerPropagates: true, taskIgnoreResult: true });

    await expect(tasksOf(app).never.delay()).rejects.toThrow(MaxRetriesExceededError);
  });

  it("throws into the task whose call it is", async () => {
    const app = eagerly({ taskEagerPropagates: true });
    const { boom } = tasksOf(app);
    const guard = app.task("tasks.guard", async () => {
      try {
        await boom.delay();
        return "no error";
      } catch (error) {
        return String(error);
      }
    });

    expect(await (await guard.delay()).get()).toBe("RangeError: Exception Error");
  });
});

describe("taskStoreEagerResult", () => {
  it("stores each end in the backend as well, where other handles find it", async () => {
    const app = eagerly({ backend: memoryBackend(), taskStoreEagerResult: true });
    const { add, boom } = tasksOf(app);

    const good = await chain(add.s(1, 1), add.s(3)).delay();
    const bad = await boom.delay();

    expect(await app.result(good.id).get()).toBe(5);
    expect(await app.result(good.parent?.id ?? "").get()).toBe(2);
    await expect(app.result(bad.id).get()).rejects.toThrow("Exception Error");
  });

  it("says nothing where there is no backend", async () => {
    const { add } = tasksOf(eagerly({ taskStoreEagerResult: true }));

    expect(await (await add.delay(1, 1)).get()).toBe(2);
  });
});

describe("apply", () => {
  it("runs a task or a signature here, whatever the settings say", async () => {
    const { add, sum, boom } = tasksOf(eagerly({ taskAlwaysEager: false }));

    const task = await add.apply([2, 2]);
    const canvas = await chord([add.s(1, 1), add.s(2, 2)], sum.s()).apply();
    const partial = await add.s(1).apply([5]);
    const failed = await boom.apply();

    expect([String(task), await task.get()]).toEqual([`<EagerResult: ${task.id}>`, 4]);
    expect([await canvas.get(), await partial.get()]).toEqual([6, 6]);
    expect(await failed.state()).toBe("FAILURE");
  });

  it("throws what its task threw when it is asked to, and takes the options of a call", async () => {
    const { add, boom, note, log } = tasksOf(eagerly({ taskAlwaysEager: false }));

    await expect(boom.apply([], { throw: true })).rejects.toThrow(RangeError);
    await expect(boom.apply({ throw: true })).rejects.toThrow(RangeError);
    const result = await add.apply([1, 1], { taskId: "mine", link: note.s(), headers: { tenant: "a" } });

    expect([result.id, log]).toEqual(["mine", [2]]);
  });

  it("refuses what any call refuses", async () => {
    const { add } = tasksOf(eagerly());

    await expect(add.apply([1, 1], { priority: 10 })).rejects.toThrow(ImproperlyConfigured);
  });
});

describe("a bundle", () => {
  it("brings what runs calls here along, where it is given", async () => {
    const app = eagerly({ eager: eager() });

    expect(await (await tasksOf(app).add.delay(1, 1)).get()).toBe(2);
  });
});
