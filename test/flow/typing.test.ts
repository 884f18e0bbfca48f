/** Arguments are counted where they are sent, before anything is: Celery's `typing`, and more of the canvas than it sees. */

import { chain, chord, group, signature } from "umbel";
import { describe, expect, it } from "vitest";
import { type World, world, type WorldOptions } from "./world.ts";

/** Tasks of section 3.11, whose callers no compiler has looked at: by name. */
function counted(options: WorldOptions = {}) {
  const home: World = world(options);
  const { app } = home;
  app.task({ name: "tasks.id", params: ["x"] }, (x: unknown) => x);
  app.task({ name: "tasks.add", params: ["x", "y"] }, (x: number, y: number) => x + y);
  app.task("tasks.measure", (x: number, unit = "m") => `${x} ${unit}`);
  app.task({ name: "tasks.maybe", params: ["x", "unit?"] }, (x: number, unit?: string) => `${x} ${unit}`);
  app.task("tasks.log", (level: number, ...lines: string[]) => [level, lines]);
  app.task({ name: "tasks.loose", typing: false }, (...all: readonly unknown[]) => all.length);
  const [id, add, log] = ["tasks.id", "tasks.add", "tasks.log"].map(
    (name) =>
      (...args: readonly unknown[]) =>
        signature(app, { task: name, args }),
  );
  if (id === undefined || add === undefined || log === undefined) throw new Error("three signatures");
  return { ...home, id, add, log };
}

describe("a call with a wrong number of arguments", () => {
  it.each([
    ["tasks.add", [1], "tasks.add() missing 1 required positional argument: 'y'"],
    ["tasks.add", [], "tasks.add() missing 2 required positional arguments: 'x' and 'y'"],
    ["tasks.add", [1, 2, 3], "tasks.add() takes 2 positional arguments but 3 were given"],
    ["tasks.id", [], "tasks.id() missing 1 required positional argument: 'x'"],
    ["tasks.id", [1, 2], "tasks.id() takes 1 positional argument but 2 were given"],
    ["tasks.measure", [1, "m", 3], "tasks.measure() takes 2 positional arguments but 3 were given"],
    ["tasks.maybe", [], "tasks.maybe() missing 1 required positional argument: 'x'"],
  ])("%s(%j) is refused before anything is sent", async (name, args, says) => {
    const { app, broker } = counted();

    const sent = app.sendTask(name, { args });

    await expect(sent).rejects.toThrow(TypeError);
    await expect(sent).rejects.toThrow(says);
    expect(broker.waiting).toEqual([]);
  });

  it.each([
    ["tasks.measure", [1]],
    ["tasks.maybe", [1]],
    ["tasks.log", []],
    ["tasks.log", [1, "a", "b", "c"]],
    ["tasks.loose", []],
    ["tasks.elsewhere", [1, 2, 3]],
  ])("%s(%j) is not one: it may be, or nobody here can tell", async (name, args) => {
    const { app, broker } = counted();

    await app.sendTask(name, { args });

    expect(broker.waiting).toHaveLength(1);
  });

  it("fails at the worker where a stranger has sent it", async () => {
    const { app, broker, finish } = counted();
    const message = { headers: { id: "py-1", task: "tasks.add" }, properties: {}, body: [[1], {}, {}] } as const;

    await broker.publish([{ message, queue: "default", deduplicationId: "py-1" }]);
    await finish();

    await expect(app.result("py-1").get()).rejects.toMatchObject({ excType: "TypeError" });
  });

  it("is refused on the spot as well", async () => {
    const { id } = counted();

    await expect(id(1, 2)()).rejects.toThrow("tasks.id() takes 1 positional argument but 2 were given");
  });

  it("goes through where the setting strictTyping, or the task, says so", async () => {
    const { app, broker } = counted({ strictTyping: false });
    app.task({ name: "tasks.strict", params: ["x"], typing: true }, (x: number) => x);

    await app.sendTask("tasks.add", { args: [1] });

    await expect(app.sendTask("tasks.strict")).rejects.toThrow(TypeError);
    expect(broker.waiting).toHaveLength(1);
  });
});

describe("a step with a wrong number of arguments", () => {
  it("2: the first step of a chain lacks one: nothing is sent", async () => {
    const { add, broker } = counted();

    const sent = chain(add(2), add(4)).delay();

    await expect(sent).rejects.toThrow("tasks.add() missing 1 required positional argument: 'y'");
    expect(broker.waiting).toEqual([]);
  });

  it("24: the step after an empty group gets a list, and has its argument already", async () => {
    const { id, broker } = counted();

    await expect(chain(group([]), id(7)).delay()).rejects.toThrow(
      "tasks.id() takes 1 positional argument but 2 were given",
    );
    expect(broker.waiting).toEqual([]);
  });

  it("71: the second step of a chain gets a result, and has its argument already", async () => {
    const { id, broker } = counted();

    await expect(chain(id(1), id(2)).delay()).rejects.toThrow(
      "tasks.id() takes 1 positional argument but 2 were given (it follows another call, whose result comes first)",
    );
    expect(broker.waiting).toEqual([]);
  });

  it.each<readonly [string, (of: ReturnType<typeof counted>) => Promise<unknown>]>([
    ["a chord's body", async ({ id, add }) => await chord([id(1)], add(1, 1)).delay()],
    ["a group after a step", async ({ id, add }) => await chain(id(1), group([id(), add(1, 1)])).delay()],
    ["a chord's header after a step", async ({ id }) => await chain(id(1), chord([id(2)], id())).delay()],
    ["a callback", async ({ id, add }) => await id(1).link(add(1, 1)).delay()],
    [
      "a callback of a callback",
      async ({ id }) =>
        await id(1)
          .link(id().link(id(2)))
          .delay(),
    ],
    ["an errback", async ({ id, add }) => await id(1).applyAsync([], { linkError: add(1, 1) })],
    ["a step that lacks one", async ({ id, add }) => await chain(id(1), add()).delay()],
    ["a step within a chord's body", async ({ id }) => await chord([id(1)], chain(id(), id(2))).delay()],
  ])("is found in %s", async (_what, send) => {
    const home = counted();

    await expect(send(home)).rejects.toThrow(/positional argument.* \(it follows another call/);

    expect(home.broker.waiting).toEqual([]);
  });

  it("is not an immutable one, nor one that takes any number", async () => {
    const { app, id, log, finish } = counted();
    const fixed = signature(app, { task: "tasks.id", args: [9], immutable: true });

    const result = await chain(id(1), fixed, log("a", "b")).delay();
    await finish();

    expect(await result.get()).toEqual([9, ["a", "b"]]);
  });
});
