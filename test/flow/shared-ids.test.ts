/** Two parts of one canvas that somebody waits for are refused under one id before anything is sent: only one of them would run. */

import { type BoundTask, chain, chord, group, ImproperlyConfigured } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

function tasks(isEager = false) {
  const home = world({ taskAlwaysEager: isEager });
  const ran: string[] = [];
  return {
    ...home,
    ran,
    id: home.app.task("tasks.id", (value: unknown) => {
      ran.push("id");
      return value;
    }),
    fails: home.app.task("tasks.fails", (_value: unknown): unknown => {
      throw new RangeError("too far");
    }),
    told: home.app.task("tasks.told", (): string => {
      ran.push("told");
      return "told";
    }),
    collect: home.app.task("tasks.collect", (values: readonly unknown[]) => [...values]),
    by: (act: (task: BoundTask) => unknown) =>
      home.app.task({ name: "tasks.by", bind: true }, async (task): Promise<unknown> => {
        await act(task);
        return "by";
      }),
  };
}

type Tasks = ReturnType<typeof tasks>;

const one = { taskId: "one" };

const shared: readonly [what: string, send: (tasks: Tasks) => Promise<unknown>, parts: string][] = [
  [
    "two steps of a chain",
    async ({ id }) => await chain(id.s(1).set(one), id.s().set(one)).delay(),
    "tasks.id (steps[0]) and tasks.id (steps[1])",
  ],
  [
    "two members of a group",
    async ({ id }) => await group([id.s(1).set(one), id.s(2).set(one)]).delay(),
    "tasks.id (members[0]) and tasks.id (members[1])",
  ],
  [
    "two members of a header",
    async ({ id, collect }) => await chord([id.s(1).set(one), id.s(1).set(one)], collect.s()).delay(),
    "tasks.id (header.members[0]) and tasks.id (header.members[1])",
  ],
  [
    "a member and the body",
    async ({ id, collect }) => await chord([id.s(1).set(one)], collect.s().set(one)).delay(),
    "tasks.collect (body) and tasks.id (header.members[0])",
  ],
  [
    "two chords, for their headers",
    async ({ id, collect }) => {
      const header = group([id.s(1)]).set(one);
      const other = group([id.s(2)]).set(one);
      return await group([chord(header, collect.s()), chord(other, collect.s())]).delay();
    },
    "celery.group (members[0].header) and celery.group (members[1].header)",
  ],
];

describe.each([false, true])("one id for two parts (eager: %s)", (isEager) => {
  it.each(shared)("is refused: %s", async (_, send, parts) => {
    const home = tasks(isEager);

    const sending = send(home);

    await expect(sending).rejects.toThrow(ImproperlyConfigured);
    await expect(sending).rejects.toThrow(
      `Two parts of one canvas have the id "one": ${parts}. Only one of them would run: give each a taskId of its own, or none`,
    );
  });
});

describe("what is no sharing", () => {
  it("is one signature in two places: it has an id of its own in each", async () => {
    const { id, collect, finish } = tasks();
    const member = id.s(1);
    const result = await chord([member, member], collect.s()).delay();

    await finish();

    expect(await result.get()).toEqual([1, 1]);
  });

  it("is an errback with an id: it is linked to each part, and runs once", async () => {
    const { id, fails, told, ran, finish } = tasks();
    const result = await chain(id.s(1), fails.s(), id.s())
      .onError(told.si().set({ taskId: "told" }))
      .delay();

    await finish();

    await expect(result.get()).rejects.toThrow("too far");
    expect(ran).toEqual(["id", "told"]);
  });

  const linked: readonly [what: string, send: (tasks: Tasks) => Promise<unknown>, ran: readonly string[]][] = [
    [
      "a call's that is linked to two members",
      async ({ id, told }) => {
        const once = told.si().set(one);
        return await group([id.s(1).link(once), id.s(2).link(once)]).delay();
      },
      ["id", "id", "told"],
    ],
    [
      "a call's that is linked to two steps",
      async ({ id, told }) => {
        const once = told.si().set(one);
        return await chain(id.s(1).link(once), id.s().link(once)).delay();
      },
      ["id", "told", "id"],
    ],
    [
      "a clean-up's after success and failure, which exclude each other",
      async ({ id, told }) => {
        const cleanUp = told.si().set(one);
        return await id.s(1).link(cleanUp).onError(cleanUp).delay();
      },
      ["id", "told"],
    ],
  ];

  it.each(linked)("is %s: the one call runs once", async (_, send, calls) => {
    const home = tasks();
    await send(home);

    await home.finish();

    expect(home.ran).toEqual(calls);
  });

  it("is a group, and a call of the group's id", async () => {
    const { id, finish } = tasks();
    const result = await group([id.s(1).set(one), id.s(2)])
      .set(one)
      .delay();

    await finish();

    expect(await result.get()).toEqual([1, 2]);
  });
});

describe("one id in what replaces a task", () => {
  it("is a failure of the task, which names both parts", async () => {
    const { id, by, finish } = tasks();
    const task = by((bound) => bound.replace(group([id.s(1).set(one), id.s(2).set(one)])));
    const result = await chain(task.s(), id.s()).delay();

    await finish();

    await expect(result.get()).rejects.toThrow('Two parts of one canvas have the id "one"');
  });
});

describe("one id in what followed a task that is replaced", () => {
  it("is no failure of the task: who sent it has looked at that", async () => {
    const { id, by, broker, app, ran, collect, finish } = tasks();
    by((bound) => bound.replace(chord([id.s(1), id.s(2)], collect.s())));
    const headers = { lang: "py", task: "tasks.by", id: "py-1", retries: 0, root_id: "py-1", parent_id: null };
    const linked = {
      task: "tasks.told",
      args: [],
      kwargs: {},
      options: { task_id: "one" },
      subtask_type: null,
      immutable: true,
    };
    const embed = { callbacks: [linked], errbacks: [linked], chain: null, chord: null };
    const message = { headers, properties: { correlation_id: "py-1" }, body: [[], {}, embed] } as const;

    await broker.publish([{ message, queue: "default", deduplicationId: "py-1" }]);
    await finish();

    expect(await app.result("py-1").state()).toBe("SUCCESS");
    expect(ran).toEqual(["id", "id", "told"]);
  });
});

describe("a member that is added under an id", () => {
  const refused: readonly [what: string, add: (task: BoundTask, tasks: Tasks) => Promise<unknown>, why: string][] = [
    [
      "of the body",
      async (task, { id }) => await task.addToChord(id.s(5).set({ taskId: "body" })),
      'Two parts of one canvas have the id "body": tasks.id and tasks.collect (chord[0])',
    ],
    [
      "of the member that adds it",
      async (task, { id }) => await task.addToChord(id.s(5).set({ taskId: "owner" })),
      'tasks.by cannot add tasks.id to its chord under the id "owner", which a member of it has',
    ],
    [
      "that it has added before",
      async (task, { id }) => {
        await task.addToChord(id.s(5).set(one));
        await task.addToChord(id.s(6).set(one));
      },
      'tasks.by cannot add tasks.id to its chord under the id "one", which a member of it has',
    ],
  ];

  it.each(refused)("%s is refused", async (_, add, why) => {
    const home = tasks();
    const { by, id, collect, finish } = home;
    const owner = by(async (task) => await add(task, home));
    const header = [owner.s().set({ taskId: "owner" }), id.s(1)];
    const result = await chord(header, collect.s().set({ taskId: "body" })).delay();

    await finish();

    await expect(result.get()).rejects.toThrow(why);
  });

  it.each([0, 60])("of another member counts as that, which is due after %s s", async (countdown) => {
    const { by, id, collect, finish } = tasks();
    const owner = by(async (task) => await task.addToChord(id.s(5).set(one)));
    const member = id.s(1).set({ ...one, countdown });
    const result = await chord([owner.s(), member], collect.s()).delay();

    await finish();

    expect(await result.get()).toEqual(["by", 1]);
  });

  it("is added once by a body that is retried", async () => {
    const { by, id, collect, finish } = tasks();
    const owner = by(async (task) => {
      await task.addToChord(id.s(5).set(one));
      if (task.request.retries < 2) task.retry({ countdown: 1 });
    });
    const result = await chord([owner.s(), id.s(1)], collect.s()).delay();

    await finish();

    expect(await result.get()).toEqual(["by", 1, 5]);
  });
});
