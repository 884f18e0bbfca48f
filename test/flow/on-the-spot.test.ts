/** A task or a signature is a function: called, it runs here and now, and nothing is sent or stored. */

import { chain, chord, group, NotRegistered } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

function arithmetic() {
  const home = world();
  const { app } = home;
  return {
    ...home,
    add: app.task({ name: "tasks.add", params: ["x", "y"] }, (x: number, y: number) => x + y),
    sub: app.task("tasks.sub", (x: number, y: number) => x - y),
    xsum: app.task("tasks.xsum", (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0)),
    boom: app.task("tasks.boom", (): number => {
      throw new RangeError("too far");
    }),
  };
}

type Arithmetic = ReturnType<typeof arithmetic>;

describe("a signature that is called", () => {
  it.each<[what: string, call: (tasks: Arithmetic) => Promise<unknown>, value: unknown]>([
    ["a task", ({ add }) => add(2, 2), 4],
    ["a whole signature", ({ add }) => add.s(2, 2)(), 4],
    ["a partial one: new arguments come first", ({ sub }) => sub.s(2)(10), 8],
    ["an immutable one", ({ add }) => add.si(2, 2)(), 4],
    ["one with named arguments", ({ add }) => add.s(2).kwargs({ y: 3 })(), 5],
    ["a chain", ({ add, sub }) => chain(add.s(2), sub.s(3))(10), 9],
    ["a chain with an immutable step", ({ add, sub }) => chain(add.s(2), sub.si(3, 1))(10), 2],
    ["a group", ({ add, sub }) => group([add.s(1), sub.s(1)])(10), [11, 9]],
    ["a group in a group", ({ add }) => group([add.si(1, 1), group([add.si(2, 2)])])(), [2, 4]],
    ["a chord", ({ add, xsum }) => chord([add.s(1, 1), add.s(2, 2)], xsum.s())(), 6],
    [
      "a group in the middle of a chain",
      ({ add, xsum }) => chain(add.s(1, 1), group([add.s(1), add.s(2)]), xsum.s())(),
      7,
    ],
    ["a chain that ends in a group, as a member", ({ add }) => group([chain(add.s(1, 1), group([add.s(1)]))])(), [[3]]],
    ["what has no step", () => group([])(), []],
  ])("has the value that it would have in a worker: %s", async (_, call, value) => {
    const home = arithmetic();

    expect(await call(home)).toEqual(value);
    expect(home.broker.waiting).toEqual([]);
  });

  it("throws what its body throws", async () => {
    const { add, boom } = arithmetic();

    await expect(chain(boom.s(), add.s(1))()).rejects.toThrow(new RangeError("too far"));
  });

  it("gives the body of a chord that collects the end of each member", async () => {
    const { app, add, boom } = arithmetic();
    const states = app.task("tasks.states", (ends: readonly { readonly state: string }[]) =>
      ends.map((end) => end.state),
    );

    expect(await chord([add.s(1, 1), boom.s()], states.s(), { onError: "collect" })()).toEqual(["SUCCESS", "FAILURE"]);
  });

  it("leaves out what is linked", async () => {
    const { add, broker } = arithmetic();

    expect(await add.s(1, 1).link(add.s(1))()).toBe(2);
    expect(broker.waiting).toEqual([]);
  });

  it("sends no signal, and is no attempt", async () => {
    const { app } = arithmetic();
    const told: string[] = [];
    app.signals.taskPrerun.connect(() => void told.push("prerun"));
    const request = app.task({ name: "tasks.request", bind: true }, (task) => [
      task.request.calledDirectly,
      task.request.retries,
    ]);

    expect(await request.s()()).toEqual([true, 0]);
    expect(told).toEqual([]);
  });

  it("does not run what another service has", async () => {
    const { app } = arithmetic();

    await expect(app.signature("tasks.foo")()).rejects.toThrow(NotRegistered);
  });

  it("is still a signature", () => {
    const { add } = arithmetic();
    const call = add.s(2, 2);

    expect([typeof call, String(call), JSON.stringify(call)]).toEqual([
      "function",
      "tasks.add(2, 2)",
      JSON.stringify(call.wire),
    ]);
  });
});
