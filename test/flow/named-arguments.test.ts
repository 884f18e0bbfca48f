/** Arguments by name: a schema of `kwargs`, names for places, and who gets them in a canvas (delivery.md 25). */

import { chain, chord, group, ImproperlyConfigured, TaskFailure, ValidationError } from "umbel";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { type World, world } from "./world.ts";

/** Tasks that take names, and what their bodies got. */
function named(home: World = world()) {
  const { app } = home;
  const got: unknown[][] = [];
  const add = app.task(
    { name: "tasks.add", kwargs: z.object({ debug: z.prefault(z.boolean(), false) }) },
    (x: number, y: number, { debug }) => {
      got.push([x, y, debug]);
      return x + y;
    },
  );
  const welcome = app.task(
    { name: "tasks.welcome", bind: true, kwargs: z.object({ user: z.object({ name: z.string() }) }) },
    (task, greeting: string, { user }) => {
      got.push([task.request.kwargs, greeting, user]);
      return `${greeting} ${user.name}`;
    },
  );
  const scale = app.task(
    { name: "tasks.scale", params: ["x", "factor"], kwargs: z.object({ unit: z.prefault(z.string(), "m") }) },
    (x: number, factor: number = 10, { unit }) => `${x * factor} ${unit}`,
  );
  const total = app.task("tasks.total", (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0));
  return { ...home, got, add, welcome, scale, total };
}

describe("a task with a schema of kwargs", () => {
  it("gets its output as last argument, with what callers leave out filled in", async () => {
    const { add, got, finish } = named();

    const plain = await add.delay(2, 2);
    const debugged = await add.applyAsync([3, 3], { kwargs: { debug: true } });
    await finish();

    expect([await plain.get(), await debugged.get()]).toEqual([4, 6]);
    expect(got).toEqual([
      [2, 2, false],
      [3, 3, true],
    ]);
  });

  it("travels with what its caller wrote, as Celery's messages do", async () => {
    const { add, broker } = named();

    await add.applyAsync([2, 2], { kwargs: { debug: true } });

    expect(JSON.parse(broker.waiting[0]?.body ?? "")).toMatchObject({
      headers: { argsrepr: "(2, 2)", kwargsrepr: "{'debug': True}" },
      body: [[2, 2], { debug: true }, {}],
    });
  });

  it("takes a message as Python sends it", async () => {
    const { app, broker, got, finish } = named();
    const headers = { lang: "py", task: "tasks.add", id: "py-1", kwargsrepr: "{'debug': True}" };
    const message = { headers, properties: {}, body: [[2, 2], { debug: true }, {}] } as const;

    await broker.publish([{ message, queue: "default", deduplicationId: "py-1" }]);
    await finish();

    expect(await app.result("py-1").get()).toBe(4);
    expect(got).toEqual([[2, 2, true]]);
  });

  it("is called on the spot with its named arguments last, or without them", async () => {
    const { add, welcome, got } = named();

    expect(await add(2, 2, { debug: true })).toBe(4);
    expect(await add(3, 3)).toBe(6);
    expect(await welcome("Hello", { user: { name: "Ann" } })).toBe("Hello Ann");
    expect(got).toEqual([
      [2, 2, true],
      [3, 3, false],
      [{ user: { name: "Ann" } }, "Hello", { name: "Ann" }],
    ]);
  });

  it("knows a named argument by its place also where a place before it has been left out", async () => {
    const { app, scale, finish } = named();

    const results = [
      await scale.applyAsync([2, 3], { kwargs: { unit: "km" } }),
      await app.sendTask<string>("tasks.scale", { kwargs: { x: 2, unit: "km" } }),
      await app.sendTask<string>("tasks.scale", { args: [2] }),
      await scale.s().kwargs({ factor: 4, x: 2 }).delay(),
    ];
    await finish();

    expect(await Promise.all(results.map(async (each) => await each.get()))).toEqual(["6 km", "20 km", "20 m", "8 m"]);
  });
});

describe("named arguments of a signature", () => {
  it("are merged: the new one wins", async () => {
    const { add, got, finish } = named();
    const call = add.s(2, 2).kwargs({ debug: false });

    await call.applyAsync([], { kwargs: { debug: true } });
    await call.kwargs({ debug: true }).delay();
    await add.signature([2, 2], { kwargs: { debug: true } }).delay();
    await call.delay();
    await finish();

    expect(got.map(([, , debug]) => debug)).toEqual([true, true, true, false]);
  });

  it("belong to an immutable one as well, when it is made with them", async () => {
    const { add, total, got, finish } = named();

    await chain(total.s([1]), add.si(2, 2).kwargs({ debug: true })).delay();
    await finish();

    expect(got).toEqual([[2, 2, true]]);
  });

  it("are refused by an immutable one when it is applied", async () => {
    const { add, broker } = named();

    await expect(add.si(2, 2).applyAsync([], { kwargs: { debug: true } })).rejects.toThrow(ImproperlyConfigured);

    expect(broker.waiting).toEqual([]);
  });
});

describe("named arguments of a canvas", () => {
  it("go to the first step of a chain only", async () => {
    const { add, got, finish } = named();

    const result = await chain(add.s(1, 1), add.s(1)).kwargs({ debug: true }).delay();
    await finish();

    expect(await result.get()).toBe(3);
    expect(got).toEqual([
      [1, 1, true],
      [2, 1, false],
    ]);
  });

  it("go to every member of a group and of a chord's header, and not to the body", async () => {
    const { add, total, got, finish } = named();

    const list = await group([add.s(1, 1), add.s(2, 2)]).applyAsync([], { kwargs: { debug: true } });
    const sum = await chord([add.s(3, 3), add.s(4, 4)], total.s())
      .kwargs({ debug: true })
      .delay();
    await finish();

    expect([await list.get(), await sum.get()]).toEqual([[2, 4], 14]);
    expect(got.map(([, , debug]) => debug)).toEqual([true, true, true, true]);
  });

  it("reach a first step that takes names, and its result reaches all members that follow", async () => {
    const { app, finish } = world();
    const User = z.object({ username: z.string(), first: z.string(), last: z.string(), email: z.string() });
    const create = app.task({ name: "tasks.createUser", kwargs: User }, (user) => ({ ...user, id: 1 }));
    const contacts = app.task("tasks.importContacts", (user: { email: string }) => `contacts of ${user.email}`);
    const welcome = app.task("tasks.sendWelcome", (user: { first: string }) => `Hello ${user.first}`);
    const canvas = create.s().pipe(group([contacts.s(), welcome.s()]));

    const result = await canvas.applyAsync([], {
      kwargs: { username: "artv", first: "Art", last: "Vandelay", email: "art@vandelay.com" },
    });
    await finish();

    expect(await result.get()).toEqual(["contacts of art@vandelay.com", "Hello Art"]);
  });
});

describe("a name that is wrong", () => {
  const mistakes: readonly (readonly [what: string, call: object, says: string])[] = [
    [
      "a name that is not in the schema",
      { args: [1, 1], kwargs: { debgu: true } },
      "tasks.add() got an unexpected keyword argument 'debgu'",
    ],
    [
      "a name where the task has none",
      { task: "tasks.total", args: [[1]], kwargs: { values: [1] } },
      "tasks.total() got an unexpected keyword argument 'values'",
    ],
    [
      "a name whose place is taken",
      { task: "tasks.scale", args: [1], kwargs: { x: 2 } },
      "tasks.scale() got multiple values for argument 'x'",
    ],
  ];

  it.each(mistakes)("%s is refused before anything is sent, in Python's words", async (_what, call, says) => {
    const { app, broker } = named();
    const { task = "tasks.add", ...options } = { ...call } as { task?: string };

    const sent = app.sendTask(task, options);

    await expect(sent).rejects.toThrow(TypeError);
    await expect(sent).rejects.toThrow(says);
    expect(broker.waiting).toEqual([]);
  });

  it.each(mistakes)("%s fails its task where a stranger has sent it", async (_what, call, says) => {
    const { app, broker, finish } = named();
    const { task = "tasks.add", args = [], kwargs = {} } = { ...call } as Partial<Record<string, never>>;
    const message = { headers: { id: "py-1", task }, properties: {}, body: [args, kwargs, {}] } as const;

    await broker.publish([{ message, queue: "default", deduplicationId: "py-1" }]);
    await finish();

    await expect(app.result("py-1").get()).rejects.toThrow(TaskFailure);
    await expect(app.result("py-1").get()).rejects.toMatchObject({ excType: "TypeError", message: says });
  });

  it("with a value that the schema refuses is a ValidationError that says where", async () => {
    const { app, broker } = named();

    const sent = app.sendTask("tasks.welcome", { args: ["Hello"], kwargs: { user: { name: 5 } } });

    await expect(sent).rejects.toThrow(ValidationError);
    await expect(sent).rejects.toThrow("tasks.welcome: kwargs.user.name:");
    expect(broker.waiting).toEqual([]);
  });

  it("is for the schema to judge where it takes any name, or makes something else of them", async () => {
    const { app } = world();
    const open = app.task({ name: "tasks.open", kwargs: z.looseObject({ a: z.number() }) }, (all) => all);
    const made = app.task(
      {
        name: "tasks.made",
        kwargs: z.pipe(
          z.object({ a: z.number() }),
          z.transform(({ a }) => [a]),
        ),
      },
      (list: number[]) => list,
    );

    expect(await open({ a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
    expect(await made({ a: 1 })).toEqual([1]);
  });

  it("is refused with the declaration where a place has the same", () => {
    const { app } = world();
    const declare = () =>
      app.task({ name: "a", params: ["x"], kwargs: z.object({ x: z.number() }) }, (x: number, other) => [x, other.x]);

    expect(declare).toThrow('"x" is among the params of the task "a", and in its schema of kwargs');
  });
});
