/** What may travel: arguments and results that are no JSON, or not what the task takes. */

import { chain, EncodeError, ValidationError } from "umbel";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { acceptance } from "./acceptance-tasks.ts";
import { world } from "./world.ts";

const cycle: { self?: unknown } = {};
cycle.self = cycle;

/** A value that JSON has no form for, the place that is named, and the way out. */
const misfits = [
  { kind: "a BigInt", value: 10n, fix: "args[1].deep: a BigInt is not JSON; pass its text, value.toString()" },
  { kind: "a function", value: () => 1, fix: "args[1].deep: a function is not JSON; pass data, or the name of a task" },
  { kind: "a cycle", value: cycle, fix: "args[1].deep.self: this value contains itself; pass an id in its place" },
  { kind: "a Date", value: new Date(0), fix: "args[1].deep: a Date is not JSON; pass value.toISOString()" },
  {
    kind: "undefined in a list",
    value: [undefined],
    fix: "args[1].deep[0]: undefined is not JSON; pass null",
  },
];

describe("an argument that is no JSON", () => {
  it.each(misfits)(
    "is refused at the caller when it is $kind, with its place and the way out",
    async ({ value, fix }) => {
      const { app, broker } = world();
      const take = app.task("tasks.take", (_name: string, _value: unknown) => 1);

      await expect(take.delay("x", { deep: value })).rejects.toThrow(new EncodeError(fix));

      expect(broker.waiting).toEqual([]);
    },
  );

  it.each(misfits)("is refused inside a signature when it is $kind", async ({ value }) => {
    const { app, broker } = world();
    const take = app.task("tasks.take", (_value: unknown) => 1);

    await expect(take.s({ deep: value }).delay()).rejects.toThrow(/^tasks\.take\.args\[0\]\.deep/);

    expect(broker.waiting).toEqual([]);
  });

  it("is refused among named arguments", async () => {
    const { app, broker } = world();

    await expect(app.sendTask("tasks.take", { kwargs: { when: new Date(0) } })).rejects.toThrow(
      /when: a Date is not JSON/,
    );

    expect(broker.waiting).toEqual([]);
  });
});

describe("a result that is no JSON", () => {
  it.each([
    { kind: "a BigInt", value: 10n },
    { kind: "a Date", value: new Date(0) },
    { kind: "a cycle", value: cycle },
  ])("is a failure that says so when it is $kind", async ({ value }) => {
    const { app, drain, lines } = world();
    const heard: unknown[] = [];
    const give = app.task("tasks.give", () => ({ value }));
    app.signals.taskSuccess.connect(() => heard.push("success"));
    app.signals.taskFailure.connect(({ exception }) => heard.push(exception));

    const result = await give.delay();
    await drain();

    expect(await result.state()).toBe("FAILURE");
    await expect(result.get()).rejects.toThrow(EncodeError);
    await expect(result.get()).rejects.toThrow(/^result\.value/);
    expect(heard).toEqual([expect.any(EncodeError)]);
    expect(lines.map((line) => line.message.split(":")[0])).toEqual(["received", "raised unexpected"]);
  });

  it("is null when the body returns nothing", async () => {
    const { app, drain } = world();
    const nothing = app.task("tasks.nothing", () => undefined);

    const result = await nothing.delay();
    await drain();

    expect(await result.get()).toBeNull();
  });
});

describe("arguments that do not fit", () => {
  const schema = z.tuple([z.object({ url: z.url(), depth: z.prefault(z.number(), 1) })]);

  it("are refused at the caller with the path of the wrong field, before anything is sent", async () => {
    const { app, broker } = world();
    const visit = app.task({ name: "tasks.visit", args: schema }, ({ url }) => url);

    const thrown: unknown = await visit.delay({ url: "no url" }).catch((error: unknown) => error);

    expect(thrown).toBeInstanceOf(ValidationError);
    expect(thrown).toMatchObject({ issues: [{ path: "args[0].url", message: expect.any(String) }] });
    expect(String(thrown)).toContain("args[0].url");
    expect(broker.waiting).toEqual([]);
  });

  it("fail the task at the worker, with the same path, and the body never runs", async () => {
    const { app, stranger, drain } = acceptance();
    let runs = 0;
    app.task({ name: "tasks.visit", args: schema }, () => (runs += 1));

    const result = await stranger.sendTask("tasks.visit", { args: [{ url: "no url" }] });
    await drain();

    expect(runs).toBe(0);
    await expect(result.get()).rejects.toThrow(/args\[0\]\.url/);
    await expect(result.get()).rejects.toMatchObject({ code: "VALIDATION", issues: [{ path: "args[0].url" }] });
  });

  it("are checked at the worker when a chain hands them on", async () => {
    const { app, foo, finish } = acceptance();
    const visit = app.task({ name: "tasks.visit", args: z.tuple([z.string().check(z.minLength(4))]) }, (text) => text);

    const result = await chain(foo.s(), visit.s()).delay();
    await finish();

    await expect(result.get()).rejects.toThrow(/^tasks\.visit: args\[0\]/);
  });

  it("reach the body as the schema makes them", async () => {
    const { app, drain } = world();
    const visit = app.task({ name: "tasks.visit", args: schema }, (page) => page);

    const result = await visit.delay({ url: "https://umbel.dev" });
    await drain();

    expect(await result.get()).toEqual({ url: "https://umbel.dev", depth: 1 });
  });

  it.each([
    { what: "a name that the task does not know", kwargs: { z: 1 }, says: /unexpected keyword argument 'z'/ },
    { what: "a name whose place is taken", kwargs: { x: 1 }, says: /multiple values for argument 'x'/ },
  ])("are refused at the caller for $what, as Python does", async ({ kwargs, says }) => {
    const { add, broker } = acceptance();

    const sent = add.applyAsync([1, 2], { kwargs });

    await expect(sent).rejects.toThrow(TypeError);
    await expect(sent).rejects.toThrow(says);
    expect(broker.waiting).toEqual([]);
  });
});
