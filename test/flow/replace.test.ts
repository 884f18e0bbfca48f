/** A task that is replaced while it runs: another signature bears its id, and takes over what was to follow it. */

import { chain, chord, group, InvalidMessageError, type BoundTask } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** A world with tasks that replace themselves in each way. */
function replacing() {
  const home = world();
  const { app } = home;
  const ran: string[] = [];
  const add = app.task("tasks.add", (x: number, y: number) => {
    ran.push(`add(${x}, ${y})`);
    return x + y;
  });
  const boom = app.task("tasks.boom", (): number => {
    throw new RangeError("too far");
  });
  return {
    ...home,
    ran,
    add,
    boom,
    id: app.task("tasks.id", (value: unknown) => value),
    sum: app.task("tasks.sum", (values: readonly number[]) => values.reduce((total, each) => total + each, 0)),
    /** A task of this name that replaces itself so. */
    by: (name: string, replace: (task: BoundTask, x: number) => unknown) =>
      app.task({ name: `tasks.${name}`, bind: true }, (task, x: number): unknown => replace(task, x)),
    /** One whose replacement returns a number. */
    numberBy: (name: string, replace: (task: BoundTask, x: number) => number) =>
      app.task({ name: `tasks.${name}`, bind: true }, (task, x: number) => replace(task, x)),
    /** One whose replacement returns numbers. */
    numbersBy: (name: string, replace: (task: BoundTask, x: number) => number[]) =>
      app.task({ name: `tasks.${name}`, bind: true }, (task, x: number) => replace(task, x)),
  };
}

type Replacing = ReturnType<typeof replacing>;

describe("a task that is replaced", () => {
  it.each<[how: string, replace: (tasks: Replacing) => (task: BoundTask, x: number) => unknown, value: unknown]>([
    [
      "a task",
      ({ add }) =>
        (task, x) =>
          task.replace(add.s(x, 1)),
      2,
    ],
    [
      "a chain, whose last step bears the id",
      ({ add }) =>
        (task, x) =>
          task.replace(chain(add.s(x, 1), add.s(10))),
      12,
    ],
    [
      "a group, whose list is one value",
      ({ add }) =>
        (task, x) =>
          task.replace(group([add.s(x, 1), add.s(x, 2)])),
      [2, 3],
    ],
    ["an empty group", () => (task) => task.replace(group([])), []],
    [
      "a chain that ends in a group",
      ({ add }) =>
        (task, x) =>
          task.replace(chain(add.s(x, 1), group([add.s(1)]))),
      [3],
    ],
    [
      "a chord, whose body bears the id",
      ({ add, sum }) =>
        (task, x) =>
          task.replace(chord([add.s(x, 1), add.s(x, 2)], sum.s())),
      5,
    ],
    [
      "chunks",
      ({ add }) =>
        (task, x) =>
          task.replace(
            add.chunks(
              [
                [x, 1],
                [x, 2],
                [x, 3],
              ],
              2,
            ),
          ),
      [[2, 3], [4]],
    ],
  ])("has the value of %s", async (_, replace, value) => {
    const tasks = replacing();
    const replaced = tasks.by("replaced", replace(tasks));
    const [alone, step, member] = [
      await replaced.delay(1),
      await chain(replaced.s(1), tasks.id.s()).delay(),
      await chord([replaced.s(1), tasks.id.s(9)], tasks.id.s()).delay(),
    ];

    await tasks.finish();

    expect(await alone.get()).toEqual(value);
    expect(await step.get()).toEqual(value);
    expect(await member.get()).toEqual([value, 9]);
  });

  it("may be replaced again, by what meets no id of the first time", async () => {
    const { by, add, finish, ran } = replacing();
    const last = by("last", (task, x) => task.replace(chain(add.s(x, 3), add.s(100))));
    const first = by("first", (task, x) => task.replace(chain(add.s(x, 2), last.s())));

    const result = await first.delay(1);
    await finish();

    expect(await result.get()).toBe(106);
    expect(ran).toEqual(["add(1, 2)", "add(3, 3)", "add(6, 100)"]);
  });

  it("leaves its callbacks to the end of what replaces it, and its errbacks to every part", async () => {
    const { app, by, numberBy, add, boom, finish } = replacing();
    const told: unknown[] = [];
    const tell = app.task("tasks.tell", (what: unknown) => void told.push(what));
    const fine = by("fine", (task, x) => task.replace(chain(add.s(x, 1), add.s(1))));
    const bad = numberBy("bad", (task) => task.replace(chain(boom.s(), add.s(1))));

    await fine.s(1).link(tell.s()).linkError(tell.si("never")).delay();
    const failed = await chain(bad.s(1).linkError(tell.si("failed")), add.s(1)).delay();
    await finish();

    expect(told).toEqual(expect.arrayContaining([3, "failed"]));
    expect(told).toHaveLength(2);
    await expect(failed.get()).rejects.toThrow("too far");
    await expect(failed.parent?.get()).rejects.toThrow("too far");
  });

  it("has its errbacks told, once each, also where nothing has begun of the list that it is replaced by", async () => {
    const { app, by, id, boom, finish } = replacing();
    const told: string[] = [];
    const tell = app.task("tasks.tell", (whose: string) => void told.push(whose));
    const list = group([id.s(), id.s().linkError(tell.si("the member's"))]).linkError(tell.si("the group's"));
    const first = by("first", (task) => task.replace(chain(group([boom.s()]), list)));
    const none = [id.s()].slice(1);
    const second = by("second", (task) => task.replace(chain(group([boom.s()]), group(none))));

    await first.s(1).linkError(tell.si("the task's")).delay();
    await second.s(1).linkError(tell.si("the other's")).delay();
    await finish();

    expect(told.toSorted()).toEqual(["the group's", "the member's", "the other's", "the task's"]);
  });

  it("begins the retries of what replaces it at 0, also after retries of its own", async () => {
    const { app, by, finish } = replacing();
    const tries: string[] = [];
    const second = app.task({ name: "tasks.second", bind: true, maxRetries: 1 }, (task) => {
      tries.push(`second ${task.request.retries}`);
      return task.request.retries === 0 ? task.retry({ countdown: 1 }) : "in the end";
    });
    const first = by("first", (task) => {
      tries.push(`first ${task.request.retries}`);
      return task.request.retries < 2 ? task.retry({ countdown: 1 }) : task.replace(second.s());
    });

    const result = await first.delay(1);
    await finish();

    expect(await result.get()).toBe("in the end");
    expect(tries).toEqual(["first 0", "first 1", "first 2", "second 0", "second 1"]);
  });

  it("sends other children than what replaces it, though both make the same call", async () => {
    const { by, add, finish, ran } = replacing();
    const second = by("second", async (task, x) => {
      await task.delay(add.s(x, 1));
      return "done";
    });
    const first = by("first", async (task, x) => {
      await task.delay(add.s(x, 1));
      return task.replace(second.s(x));
    });

    await first.delay(1);
    await finish();

    expect(ran).toEqual(["add(1, 1)", "add(1, 1)"]);
  });

  it("cannot be talked out of it by a body that catches everything", async () => {
    const { by, add, finish } = replacing();
    const stubborn = by("stubborn", (task, x) => {
      try {
        return task.replace(add.s(x, 1));
      } catch {
        return "mine";
      }
    });

    const result = await stubborn.delay(1);
    await finish();

    expect(await result.get()).toBe(2);
  });

  it("keeps its place in the canvas: root, parent, group and chord", async () => {
    const { app, by, add, sum, finish } = replacing();
    const seen: (readonly [place: object, nesting: number])[] = [];
    const look = (task: BoundTask) => {
      const { id, rootId, parentId, group: gid, groupIndex, chord: body, replacedTaskNesting } = task.request;
      seen.push([{ id, rootId, parentId, gid, groupIndex, body }, replacedTaskNesting]);
    };
    const second = app.task({ name: "tasks.second", bind: true }, (task) => {
      look(task);
      return 1;
    });
    const first = by("first", (task) => {
      look(task);
      return task.replace(second.s());
    });

    await chain(add.s(1, 1), chord([add.s(1), first.si(1)], sum.si([]))).delay();
    await finish();

    const place = expect.objectContaining({ gid: expect.any(String), groupIndex: 1, body: expect.any(Object) });
    expect(seen).toEqual([
      [place, 0],
      [place, 1],
    ]);
    expect(seen[1]?.[0]).toEqual(seen[0]?.[0]);
  });

  it("is replaced once, wherever its worker dies", async () => {
    for (const method of ["claim", "finish", "publish", "join"] as const) {
      for (const moment of ["before", "after"] as const) {
        const { numbersBy, add, sum, ports, kill, finish, ran } = replacing();
        const first = numbersBy("first", (task, x) => task.replace(group([add.s(x, 1), add.s(x, 2)])));
        const result = await chain(first.s(1), sum.s()).delay();
        ports[moment](method, kill);

        await finish();

        expect([method, moment, await result.get(), ran.toSorted()]).toEqual([
          method,
          moment,
          5,
          ["add(1, 1)", "add(1, 2)"],
        ]);
      }
    }
  });

  it("is so by the next delivery, where its worker dies before it has sent anything", async () => {
    const { by, add, ports, kill, finish } = replacing();
    const result = await by("first", (task, x) => task.replace(add.s(x, 1))).delay(1);
    ports.after("finish", kill);

    await finish();

    expect(await result.state()).toBe("SUCCESS");
  });

  it("is refused by what cannot take its place, and the body may go on", async () => {
    const { by, add, finish } = replacing();
    const none = [add.si(1, 1)].slice(1);
    const refusals: unknown[] = [];
    const tries = by("tries", (task) => {
      for (const attempt of [
        () => task.replace(chain(...none)),
        // @ts-expect-error: a task is no signature
        () => task.replace(add),
      ]) {
        try {
          attempt();
        } catch (error) {
          refusals.push(String(error));
        }
      }
      return "went on";
    });

    const result = await tries.delay(1);
    await finish();

    expect(await result.get()).toBe("went on");
    expect(refusals).toEqual([
      expect.stringMatching(/ImproperlyConfigured: A task cannot be replaced by an empty chain/),
      expect.stringMatching(/ImproperlyConfigured: tasks.tries can be replaced by a signature only: write .s\(\)/),
    ]);
  });

  it("is revoked under its id, whichever task bears it", async () => {
    const { by, add, app, drain, finish, ran } = replacing();
    const replaced = by("replaced", (task, x) => task.replace(add.s(x, 1).set({ countdown: 60 })));
    const result = await replaced.delay(1);
    await drain();

    await app.revoke([result.id], false);
    await finish();

    expect(await result.state()).toBe("REVOKED");
    expect(ran).toEqual([]);
  });

  it.each<[what: string, replace: (tasks: Replacing) => (task: BoundTask, x: number) => unknown, value: unknown]>([
    [
      "a call with an id of its own",
      ({ add }) =>
        (task, x) =>
          task.replace(add.s(x, 1).set({ taskId: "own" })),
      2,
    ],
    [
      "a chain whose last step has one",
      ({ add }) =>
        (task, x) =>
          task.replace(chain(add.s(x, 1), add.s(1).set({ taskId: "own" }))),
      3,
    ],
    [
      "a chord whose body has one",
      ({ add, sum }) =>
        (task, x) =>
          task.replace(chord([add.s(x, 1)], sum.s().set({ taskId: "own" }))),
      2,
    ],
    [
      "a call whose result nobody keeps",
      ({ add }) =>
        (task, x) =>
          task.replace(add.s(x, 1).set({ ignoreResult: true })),
      2,
    ],
    [
      "a chain whose last step's result nobody keeps",
      ({ add }) =>
        (task, x) =>
          task.replace(chain(add.s(x, 1), add.s(1).set({ ignoreResult: true }))),
      3,
    ],
  ])("is not waited for in vain, though it is replaced by %s", async (_, replace, value) => {
    const tasks = replacing();
    const result = await tasks.by("replaced", replace(tasks)).delay(1);

    await tasks.finish();

    expect([await result.state(), await result.get()]).toEqual(["SUCCESS", value]);
  });

  it("tells of an error where only errors are kept of it, whatever replaces it", async () => {
    const { app, boom, finish } = replacing();
    const about = { bind: true, ignoreResult: true, storeErrorsEvenIfIgnored: true } as const;
    const careful = app.task({ name: "tasks.careful", ...about }, (task) => task.replace(boom.s()));

    const result = await careful.delay();
    await finish();

    await expect(result.get()).rejects.toThrow("too far");
  });

  it("runs on the spot what replaces it, when it is called so", async () => {
    const tasks = replacing();
    const { by, add, broker } = tasks;
    const replaced = by("replaced", (task, x) => task.replace(chain(add.s(x, 1), add.s(10))));

    expect(await replaced(1)).toBe(12);
    expect(await chain(replaced.s(1), tasks.id.s())()).toBe(12);
    expect(broker.waiting).toEqual([]);
  });

  it("starts a large group by one message, whatever it was a member of", async () => {
    const { numbersBy, add, sum, finish, ran, ports } = replacing();
    const many = numbersBy("many", (task) =>
      task.replace(group(Array.from({ length: 250 }, (_, index) => add.s(index, 1)))),
    );
    const result = await chain(many.s(1), sum.s()).delay();

    await finish();

    expect(await result.get()).toBe((250 * 251) / 2);
    expect(ran).toHaveLength(250);
    expect(ports.calls.filter((call) => call === "publish").length).toBeLessThan(8);
  });

  it("is started once, wherever the worker dies that starts a large group", async () => {
    for (const method of ["claim", "publish", "finish", "loadAll"] as const) {
      for (const nth of [0, 2]) {
        const { numbersBy, add, sum, finish, ran, ports, kill } = replacing();
        const many = numbersBy("many", (task) =>
          task.replace(group(Array.from({ length: 120 }, (_, index) => add.s(index, 1)))),
        );
        const result = await chain(many.s(1), sum.s()).delay();
        let left = nth;
        const strike = () => {
          if (left === 0) kill();
          else ports.after(method, strike);
          left -= 1;
        };
        ports.after(method, strike);

        await finish();

        expect([method, nth, await result.get(), ran.length]).toEqual([method, nth, 7260, 120]);
      }
    }
  });

  it("tells all that was to follow when what starts a large group is lost", async () => {
    const { app, numbersBy, add, sum, finish, ports } = replacing();
    const told: unknown[] = [];
    const tell = app.task("tasks.told", () => void told.push("told"));
    const many = numbersBy("many", (task) =>
      task.replace(group(Array.from({ length: 120 }, (_, index) => add.s(index, 1)))),
    );
    const result = await chain(many.s(1), sum.s()).linkError(tell.si()).delay();
    ports.before("load", () => {
      throw new InvalidMessageError("damaged");
    });

    await finish();

    await expect(result.get()).rejects.toThrow(/damaged/);
    await expect(result.parent?.get()).rejects.toThrow(/damaged/);
    expect(told).toEqual(["told"]);
  });
});
