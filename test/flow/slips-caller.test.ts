/**
 * What a caller may get wrong where no compiler has looked: each is refused where it is written, before anything is sent, with
 * a sentence that names the thing and what it takes.
 */

import {
  chain,
  chord,
  configFrom,
  EncodeError,
  ImproperlyConfigured,
  stamp,
  type Umbel as Application,
  Umbel,
} from "umbel";
import { worker } from "umbel/worker";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** Plays what no compiler has seen. */
function untyped(value: unknown): never {
  const box: { readonly value: never } = Object.assign(JSON.parse("{}"), { value });
  return box.value;
}

const { app, broker } = world();
const add = app.task("tasks.add", (x: number, y: number) => x + y);
const sum = app.task("tasks.sum", (values: readonly number[]) => values.length);

async function wait(options: object): Promise<unknown> {
  return await app.result("x").get(untyped(options));
}

/** What was tried, and what is said of it. */
type Row = readonly [what: string, tried: () => unknown, says: string];

const declaring: readonly Row[] = [
  ["no name", () => app.task(untyped(undefined), () => 1), 'A task needs a name: app.task("shop.add", body)'],
  ["null for a name", () => app.task(untyped(null), () => 1), "A task needs a name"],
  [
    "the body first",
    () =>
      app.task(
        untyped(() => 1),
        untyped("tasks.x"),
      ),
    "A task needs a name",
  ],
  [
    "names in one text",
    () => app.task(untyped({ name: "tasks.x", params: "x, y" }), () => 1),
    'params of the task "tasks.x" is "x, y": give a list of names, as ["x", "y"]',
  ],
  [
    "params of numbers",
    () => app.task(untyped({ name: "tasks.x", params: [1] }), () => 1),
    'params of the task "tasks.x" is [1]: give a list of names',
  ],
  [
    "types for a schema",
    () => app.task(untyped({ name: "tasks.x", args: { x: "number" } }), () => 1),
    'args of the task "tasks.x" is {"x":"number"}: give a schema, of zod or any other that is a Standard Schema',
  ],
  [
    "names for a schema",
    () => app.task(untyped({ name: "tasks.x", kwargs: ["debug"] }), () => 1),
    'kwargs of the task "tasks.x" is ["debug"]: give a schema',
  ],
  [
    "a base that is none",
    () => app.task(untyped({ name: "tasks.x", base: 5 }), () => 1),
    'the base of the task "tasks.x" is 5: give an object of options',
  ],
  [
    "what is no shared task",
    () => app.register(untyped(5)),
    "What register() takes is 5: give what sharedTask() returned",
  ],
];

const calling: readonly Row[] = [
  ["arguments without a list", async () => await add.applyAsync(untyped(1), untyped(2)), "What comes after a call's"],
  ["a text for arguments", async () => await add.applyAsync(untyped("12")), 'arguments is "12": give options, as {'],
  ["one letter too few", async () => await app.sendTask("tasks.add", untyped({ arg: [1] })), 'nearest name is "args"'],
  ["a letter for another", () => app.signature("tasks.add", untyped({ argz: [1] })), 'the nearest name is "args"'],
  ["no name", async () => await app.sendTask(untyped(undefined)), "The name of a task is undefined: give a name"],
  ["an empty name", async () => await app.sendTask(""), 'The name of a task is "": give a name'],
  [
    "a list for options",
    async () => await app.sendTask("tasks.add", untyped([1, 2])),
    "task's name is [1,2]: give options, as { args: [1, 2] }",
  ],
  ["args of one number", async () => await app.sendTask("tasks.add", { args: untyped(5) }), "args is 5: give a list"],
  ["args of a text", async () => await app.sendTask("tasks.add", { args: untyped("ab") }), 'args is "ab": give a list'],
  ["a signature without a name", () => app.signature(""), 'The name of a task is "": give a name'],
  ["a signature of one number", () => add.signature(untyped(5)), "args is 5: give a list"],
  ["a date in words", async () => await add.applyAsync([1, 2], { eta: untyped("noon") }), 'eta is "noon": give a Date'],
  [
    "a date that is none",
    async () => await add.applyAsync([1, 2], { eta: new Date(Number.NaN) }),
    "give a Date, and a valid one",
  ],
  [
    "an endless id",
    async () => await add.applyAsync([1, 2], { taskId: "x".repeat(300) }),
    "x...: give a text of 1 to 255",
  ],
];

const composing: readonly Row[] = [
  ["a list of steps", () => chain(untyped([add.s(1, 1), add.s(1)])), "Part 1 of the chain is a list: write ...list"],
  ["a function", () => chain(untyped(() => 1)), "Part 1 of the chain is a function, and no task"],
  [
    "another onError",
    () => chord([add.s(1, 1)], untyped(sum.s()), { onError: untyped("ignore") }),
    'onError of the chord is "ignore": give "fail" or "collect"',
  ],
  ["nothing to pipe to", () => add.s(1, 1).pipe(untyped(undefined)), "undefined cannot follow: give a signature"],
  ["a task to pipe to", () => add.s(1, 1).pipe(untyped(sum)), "<Task: tasks.sum> itself cannot follow: write .s()"],
  ["nothing to set", () => add.s(1, 1).set(untyped(undefined)), "What set() takes is undefined: give options, as"],
  ["a number to set", () => add.s(1, 1).set(untyped(5)), "What set() takes is 5: give options, as { countdown: 3 }"],
  ["one name in place of names", () => add.s(1, 1).kwargs(untyped(5)), "kwargs is 5: give a record"],
  [
    "nothing to stamp with",
    () => stamp(add.s(1, 1), untyped(undefined)),
    "What stamp() puts on is undefined: give stamps",
  ],
  ["no signature to stamp", () => stamp(untyped(5), { a: 1 }), "What stamp() stamps is 5: give a signature"],
  [
    "a task to stamp",
    () => stamp(untyped(add), { a: 1 }),
    "What stamp() stamps is a function: give a signature, task.s()",
  ],
  ["nothing to link", () => add.s(1, 1).link(untyped(undefined)), "undefined cannot be linked: give a signature"],
];

const reading: readonly Row[] = [
  ["no id", () => app.result(untyped(undefined)), "The id of a call is undefined: give a text of 1 to 255 characters"],
  ["no id to revoke", async () => await app.revoke([untyped(undefined)]), "The id of a call is undefined"],
  ["a signal that is none", async () => await wait({ signal: 5 }), "signal is 5: give an AbortSignal"],
  ["a word for a switch", async () => await wait({ propagate: "no" }), 'propagate is "no": give true or false'],
  ["a callback that is none", async () => await wait({ callback: 5 }), "callback is 5: give a function"],
  [
    "a number to revoke by",
    async () => await app.result("x").revoke(untyped(5)),
    "What revoke() takes is 5: give a record",
  ],
  [
    "a word to revoke by",
    async () => await app.result("x").revoke({ terminate: untyped("yes") }),
    'terminate is "yes": give',
  ],
  ["a misspelt option", async () => await app.result("x").get(untyped({ timout: 1 })), 'the nearest name is "timeout"'],
  ["a time without a name", async () => await app.result("x").get(untyped(5)), "give options, as { timeout: 10 }"],
  ["a wait that is none", async () => await app.result("x").get({ timeout: untyped({ s: 1 }) }), "is not a duration"],
];

const setting: readonly Row[] = [
  ["a worker's address", () => worker(app, untyped({ publicURL: "x" })), 'the nearest name is "publicUrl"'],
  ["no name", () => new Umbel(untyped(undefined)), "The name of an application is undefined: give a name"],
  [
    "an address for a broker",
    () => new Umbel("x", { broker: untyped("redis://") }),
    "give an adapter, as broker: qstash()",
  ],
  ["an address for a store", () => new Umbel("x", { backend: untyped("redis://") }), "as backend: upstash()"],
  ["one by itself", () => Object.assign(app.conf, { timezone: "Europe/Olso" }), 'timezone is "Europe/Olso": give'],
  ["one that there is not", () => Object.assign(app.conf, { timezon: "UTC" }), 'the nearest name is "timezone"'],
  ["a module's name", () => configFrom(app, untyped("celeryconfig")), 'import "celeryconfig" first'],
  ["the console for a log", () => new Umbel("x", { log: untyped(console) }), "give a function"],
  ["nothing to update", () => app.conf.update(untyped(null)), "What conf.update() takes is null: give a record"],
  ["nothing", () => configFrom(app, untyped(null)), "configFrom takes a record, a module or app.environment"],
  [
    "a route to a number",
    () => update(app, { taskRoutes: { "a.*": 5 } }),
    "The route of a.* is 5: give the name of a queue",
  ],
  ["a route that is none", () => update(app, { taskRoutes: ["a"] }), 'A route is "a": give names and where they lead'],
];

describe.each([
  ["declaring", declaring],
  ["calling", calling],
  ["composing", composing],
  ["reading", reading],
  ["setting", setting],
])("a slip in %s", (_, rows) => {
  it.each(rows)("is named: %s", async (_what, tried, says) => {
    const slip = async () => await tried();

    await expect(slip()).rejects.toThrow(ImproperlyConfigured);
    await expect(slip()).rejects.toThrow(says);
    expect(broker.waiting).toEqual([]);
  });
});

it.each([
  ["a signature", add.s(1), "a signature is not JSON; pass signature.toJSON()"],
  ["a task", add, "a function is not JSON; pass data, or the name of a task"],
  ["a promise", Promise.resolve(1), "a promise is not JSON; await it"],
])("%s is no argument, and what to give instead is said", async (_, given, says) => {
  await expect(app.sendTask("tasks.add", { args: [given] })).rejects.toThrow(new EncodeError(`args[0]: ${says}`));
});

it("one call is revoked by its id, as in Celery", async () => {
  const { app: own, drain } = world();
  const one = own.task("tasks.one", () => 1);
  const result = await one.delay();

  await own.revoke(result.id);
  await drain();

  expect(await result.state()).toBe("REVOKED");
});

it("a setting can be given by itself, as in Celery", () => {
  const own = new Umbel("own");

  own.conf.timezone = "Europe/Oslo";

  expect(own.conf.timezone).toBe("Europe/Oslo");
  expect(own.conf.table()).toEqual({ timezone: "Europe/Oslo" });
});

function update({ conf }: Application, settings: object): void {
  conf.update(untyped(settings));
}
